import type { TableReference } from '../config/config.ts'
import { type Problem, problem } from '../errors.ts'
import type { Match } from './resolve-table.ts'
import type { ScopeDatabase, ScopeRelation } from './scope-database.ts'

/** What was named is there, but no rule of this list can be about it. */
export function wrongKind(
  { text, position }: TableReference,
  list: string,
  matches: readonly Match[],
  databases: readonly ScopeDatabase[],
): Problem | undefined {
  const [first] = matches
  const relation = databases.find(({ name }) => name === first?.database)?.relations.find(({ oid }) => oid === first?.oid)
  if (relation === undefined) return undefined
  const { word, hint } = kinds[relation.kind]
  return problem('table-unknown', `${text} is a ${word}, which ${list} can't be about.`, {
    hint,
    ...(position === undefined ? {} : { position }),
  })
}

const table = { word: 'table', hint: 'Name another one.' }

const kinds: Readonly<Record<ScopeRelation['kind'], { readonly word: string; readonly hint: string }>> = {
  table,
  partitioned: table,
  view: { word: 'view', hint: "It has no rows of its own: name the tables that it's made of." },
  'materialized-view': { word: 'materialized view', hint: "It's computed on the target: name the tables that it's made of." },
  'foreign-table': { word: 'foreign table', hint: "Its rows are elsewhere, and aren't copied." },
  sequence: { word: 'sequence', hint: 'It has no rows; that of a column comes and goes with its table.' },
}
