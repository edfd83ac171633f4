import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames, relationsInScope } from './scoped.ts'

export function foreignTables(input: RuleInput): (Problem | Warning)[] {
  const tables = relationsInScope(input, 'foreign-table')
  if (tables.length === 0) return []
  return [
    warning(
      'foreign-table',
      `${counted(tables.length, 'foreign table')}: ${listed(relationNames(input, tables))}. Their rows are elsewhere and aren't copied.`,
      {
        hint: "Check that the target reaches their servers, and set the passwords of its user mappings: they don't come along.",
        ...place(tables),
      },
    ),
  ]
}
