import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { copiedTables, place, relationNames } from './scoped.ts'

/** COPY doesn't carry them: https://www.postgresql.org/docs/current/ddl-generated-columns.html */
export function generatedColumns(input: RuleInput): (Problem | Warning)[] {
  const tables = copiedTables(input).filter(({ relation }) => relation.columns.some(({ generated }) => generated === 's'))
  if (tables.length === 0) return []
  return [
    warning(
      'generated-column',
      `${counted(tables.length, 'table')} with stored generated columns: ${listed(relationNames(input, tables))}.`,
      {
        hint: 'The target computes them anew. They come out the same unless its functions or collations differ, which verify shows.',
        ...place(tables),
      },
    ),
  ]
}
