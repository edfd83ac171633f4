import { type Problem, problem } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import type { ScopeDatabase, ScopeRelation, Selection } from './scope-database.ts'

/** A table that inherits needs its parent; a partition can stand alone, since its parent's exclusion means it too. */
export function missingParents(database: ScopeDatabase, selections: ReadonlyMap<number, Selection>): Problem[] {
  const excluded = new Map(excludedOf(database, selections).map((one) => [one.oid, one]))
  return database.relations.flatMap((child) => {
    const parent = child.parents.map((oid) => excluded.get(oid)).find((one) => one !== undefined)
    if (parent === undefined || excluded.has(child.oid)) return []
    return problem('dependency-excluded', `${qualified(parent)} is left out, but ${qualified(child)} inherits from it.`, {
      hint: 'Exclude both or neither, or bring the parent without rows: in schema-only-tables, and in include-tables if those are given.',
      database: database.name,
      relation: qualified(parent),
    })
  })
}

function excludedOf({ relations }: ScopeDatabase, selections: ReadonlyMap<number, Selection>): ScopeRelation[] {
  return relations.filter(({ oid }) => selections.get(oid)?.rule === 'excluded')
}
