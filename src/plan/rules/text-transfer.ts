import { type Problem, type Warning, warning } from '../../errors.ts'
import type { ObservedColumn } from '../observed.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { copiedTables, place, relationNames } from './scoped.ts'

/** Only types that are text whatever the servers; where versions decide, the plan shows the format. */
export function textTransfer(input: RuleInput): (Problem | Warning)[] {
  const tables = copiedTables(input).filter(({ relation }) => relation.columns.some(travelsAsText))
  if (tables.length === 0) return []
  return [
    warning(
      'type-text-only',
      `${counted(tables.length, 'table')} with types that travel as text: ${listed(relationNames(input, tables))}.`,
      {
        hint: 'Their rows are copied as text rather than binary, which is as exact and somewhat slower.',
        ...place(tables),
      },
    ),
  ]
}

function travelsAsText({ transfer, generated }: ObservedColumn): boolean {
  return transfer.kind === 'text' && generated === ''
}
