import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames, relationsInScope } from './scoped.ts'

/** Triggers come with the post-data, so none fires for the copied rows; those that never fire stay so. */
export function triggers(input: RuleInput): (Problem | Warning)[] {
  const tables = relationsInScope(input, 'table', 'partitioned', 'view', 'foreign-table').filter(({ relation }) =>
    relation.triggers.some(({ enabled }) => enabled === 'D'),
  )
  if (tables.length === 0) return []
  return [
    warning('trigger', `${counted(tables.length, 'table')} with disabled triggers: ${listed(relationNames(input, tables))}.`, {
      hint: 'They stay disabled on the target. Nothing needs to be done, if that is meant.',
      ...place(tables),
    }),
  ]
}
