import { groupBy } from '../scope/group-by.ts'
import type { Selection } from '../scope/scope-database.ts'
import type { KeyRows, RowSource } from '../sql/key-rows.ts'
import type { ObservedCatalog, ObservedFilter, ObservedForeignKey, ObservedRelation } from './observed-catalog.ts'
import type { KeyCheck } from './plan.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys'>

/** A foreign key with the rows of both sides as they're selected. */
export interface SelectedKey {
  readonly key: ObservedForeignKey
  readonly rows: KeyRows
}

/**
 * The foreign keys of rows that are selected, to tables of which some row isn't. One to a table that is left out is left out itself; rows that an
 * extension brings are its own affair.
 */
export function selectedKeys(
  { relations, foreignKeys }: Catalog,
  selections: ReadonlyMap<number, Selection>,
  filters: ReadonlyMap<number, Pick<ObservedFilter, 'predicate'>>,
): SelectedKey[] {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]))
  const sourcesOf = rowSources(relations, selections, filters)
  return foreignKeys.flatMap((key) => {
    const [child, parent] = [byOid.get(key.childOid), byOid.get(key.parentOid)]
    if (child === undefined || parent === undefined || selections.get(parent.oid)?.rule === 'excluded') return []
    if (child.extensionData !== null || parent.extensionData !== null) return []
    const rows = { ...key, child: sourcesOf(child).filter((one) => one.rows !== 'none'), parent: sourcesOf(parent) }
    return rows.child.length === 0 || rows.parent.every((one) => one.rows === 'all') ? [] : [{ key, rows }]
  })
}

/** What is counted once more under the snapshot of the copy: rows may have come in between. */
export function keyChecks({ relations, partialKeys: keys }: Pick<ObservedCatalog, 'relations' | 'partialKeys'>): KeyCheck[] {
  const byOid = new Map(relations.map(({ oid, schema, name }) => [oid, { schema, name }]))
  return keys.flatMap(({ key: { name, childOid, parentOid, isKept }, countSql }) => {
    const [child, parent] = [byOid.get(childOid), byOid.get(parentOid)]
    return !isKept || child === undefined || parent === undefined ? [] : [{ name, child, parent, countSql }]
  })
}

/** The tables that hold a relation's rows; a partitioned table itself, where its partitions have one rule. */
function rowSources(
  relations: readonly ObservedRelation[],
  selections: ReadonlyMap<number, Selection>,
  filters: ReadonlyMap<number, Pick<ObservedFilter, 'predicate'>>,
): (relation: ObservedRelation) => RowSource[] {
  const partitions = groupBy(
    relations.filter(({ isPartition }) => isPartition),
    ({ parents }) => parents[0],
  )
  const leavesOf = (relation: ObservedRelation): ObservedRelation[] =>
    relation.kind === 'partitioned' ? (partitions.get(relation.oid) ?? []).flatMap(leavesOf) : [relation]
  const rowsOf = ({ oid, kind }: ObservedRelation): RowSource['rows'] => {
    const { rule, filterOid } = selections.get(oid) ?? { rule: 'full', filterOid: oid }
    if (kind !== 'table' || rule === 'excluded' || rule === 'schema-only') return 'none'
    return rule === 'full' ? 'all' : { predicate: filters.get(filterOid)?.predicate ?? 'false' }
  }
  return (relation) => {
    const leaves = leavesOf(relation).map((leaf) => ({
      ...{ schema: leaf.schema, name: leaf.name, kind: leaf.kind },
      leaves: [leaf.oid],
      rows: rowsOf(leaf),
    }))
    const alike = new Set(leaves.map(({ rows }) => (typeof rows === 'string' ? rows : rows.predicate)))
    const [first] = leaves
    if (first === undefined || alike.size > 1 || leaves.some(({ kind }) => kind !== 'table')) return leaves
    const { schema, name, kind } = relation
    return [{ schema, name, kind, leaves: leaves.flatMap((leaf) => leaf.leaves), rows: first.rows }]
  }
}
