import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { copiedTables, place, relationNames } from './scoped.ts'

/** The apply worker is a replica: https://www.postgresql.org/docs/current/logical-replication-architecture.html */
export function applyTriggers(input: RuleInput): (Problem | Warning)[] {
  const tables = copiedTables(input).filter(({ relation }) => relation.triggers.some(({ enabled }) => enabled === 'A' || enabled === 'R'))
  if (tables.length === 0) return []
  return [
    warning(
      'trigger',
      `${counted(tables.length, 'table')} with triggers that fire on replicated changes too (ENABLE ALWAYS or REPLICA): ${listed(relationNames(input, tables))}.`,
      {
        hint: 'What they did on the source arrives as well: make sure that it may be done twice.',
        ...place(tables),
      },
    ),
  ]
}
