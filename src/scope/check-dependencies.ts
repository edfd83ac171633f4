import { type Problem, problem } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import { groupBy } from './group-by.ts'
import type { ScopeDatabase, ScopeRelation, Selection } from './scope-database.ts'

/** A table may not inherit from one that is left out, nor rows refer to rows that aren't copied. */
export function checkDependencies(database: ScopeDatabase, selections: ReadonlyMap<number, Selection>): Problem[] {
  return [...missingParents(database, selections), ...missingRows(database, selections)]
}

/** A table that inherits needs its parent; a partition can stand alone, since its parent's exclusion means it too. */
function missingParents(database: ScopeDatabase, selections: ReadonlyMap<number, Selection>): Problem[] {
  const excluded = new Map(excludedOf(database, selections).map((one) => [one.oid, one]))
  return database.relations.flatMap((child) => {
    const parent = child.parents.map((oid) => excluded.get(oid)).find((one) => one !== undefined)
    if (parent === undefined || excluded.has(child.oid)) return []
    return problem('dependency-excluded', `${qualified(parent)} is left out, but ${qualified(child)} inherits from it.`, {
      hint: 'Exclude both or neither, or bring the parent without rows in schema-only-tables.',
      database: database.name,
      relation: qualified(parent),
    })
  })
}

/** A foreign key of rows that are copied, to a table whose rows aren't, or aren't all. */
function missingRows(database: ScopeDatabase, selections: ReadonlyMap<number, Selection>): Problem[] {
  const byOid = new Map(database.relations.map((one) => [one.oid, one]))
  const families = familiesOf(database)
  const rulesOf = (oid: number) => (families.get(oid) ?? []).map((one) => selections.get(one)?.rule ?? 'full')
  return database.foreignKeys.flatMap(({ name, childOid, parentOid }) => {
    const [child, parent] = [byOid.get(childOid), byOid.get(parentOid)]
    const parentRule = selections.get(parentOid)?.rule
    // A key whose parent isn't there is left out: see leave-out.ts.
    if (child === undefined || parent === undefined || selections.get(childOid)?.rule === 'excluded' || parentRule === 'excluded') return []
    const childRules = rulesOf(childOid)
    const parentRules = rulesOf(parentOid)
    const rows = childRules.includes('full') ? 'all' : childRules.includes('filtered') ? 'some' : 'none'
    const key = `foreign key ${name} of ${qualified(child)}`
    const more = { database: database.name, relation: qualified(parent) }
    const lacking = parentRules.some((one) => one === 'excluded' || one === 'schema-only')
    // Whether two filters fit together, only their rows can tell.
    if (!(lacking && rows !== 'none') && !(parentRules.includes('filtered') && rows === 'all')) return []
    const how = lacking ? 'is copied without rows' : 'is filtered'
    const hint = `Filter ${qualified(child)} to rows whose parents are copied, bring it without rows as well, or take the rule from ${qualified(parent)}.`
    return problem('dependency-excluded', `${qualified(parent)} ${how}, but ${key} refers to its rows.`, { ...more, hint })
  })
}

/** A table with all its partitions: the tables that hold its rows. */
function familiesOf({ relations }: ScopeDatabase): ReadonlyMap<number, number[]> {
  const children = groupBy(
    relations.filter(({ isPartition }) => isPartition),
    ({ parents }) => parents[0],
  )
  const leaves = (relation: ScopeRelation): number[] =>
    relation.kind === 'partitioned' ? (children.get(relation.oid) ?? []).flatMap(leaves) : [relation.oid]
  return new Map(relations.map((relation) => [relation.oid, leaves(relation)]))
}

function excludedOf({ relations }: ScopeDatabase, selections: ReadonlyMap<number, Selection>): ScopeRelation[] {
  return relations.filter(({ oid }) => selections.get(oid)?.rule === 'excluded')
}
