import { type Problem, problem, type Warning } from '../../errors.ts'
import type { RuleInput } from './rule.ts'

/** An empty selection is never taken for "everything". A database without any table is a choice; one with all of them left out is a mistake. */
export function nothingSelected({ databases }: RuleInput): (Problem | Warning)[] {
  if (databases.length === 0) {
    return [
      problem('nothing-selected', 'No database is selected.', {
        hint: "See the source's databases with `validate` without include-databases and exclude-databases.",
      }),
    ]
  }
  const rules = databases.flatMap(({ tables }) => tables.map(({ rule }) => rule))
  if (rules.length === 0 || rules.some((rule) => rule !== 'excluded')) return []
  return [
    problem('nothing-selected', 'Every table of the selected databases is excluded.', {
      hint: 'Name fewer in exclude-tables, or more in include-tables.',
    }),
  ]
}
