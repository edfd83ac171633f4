import { type Problem, problem, type Warning } from '../../errors.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { copiedTables, place } from './scoped.ts'

/** Types that can be read, but not written back: their input function refuses, so no form of COPY carries them. */
export function columnTypes(input: RuleInput): (Problem | Warning)[] {
  const tables = copiedTables(input)
  const alone = input.databases.length === 1
  const columns = tables.flatMap(({ database, relation }) =>
    relation.columns
      .filter(({ transfer, generated }) => transfer.kind === 'none' && generated === '')
      .map(({ name, type }) => `${spelled(...(alone ? [] : [database]), relation.schema, relation.name, name)} (${type})`),
  )
  if (columns.length === 0) return []
  const having = tables.filter(({ relation }) =>
    relation.columns.some(({ transfer, generated }) => transfer.kind === 'none' && generated === ''),
  )
  return [
    problem('type-text-only', `${counted(columns.length, 'column')} of types whose values can't be written back: ${listed(columns)}.`, {
      hint: 'Make the tables schema-only-tables, or leave them out with exclude-tables.',
      ...place(having),
    }),
  ]
}
