import { groupBy } from '../scope/group-by.ts'
import type { Selection } from '../scope/scope-database.ts'
import { followedPredicate, mayComeAlong } from '../sql/closure.ts'
import { type SelectedKey, selectedKeys } from './key-rows-of.ts'
import type { ObservedCatalog, ObservedFilter } from './observed-catalog.ts'
import { counted, listed, spelled } from './rules/listing.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'filters'>

/** The keys along which rows come: to tables of which only some are selected. */
export function followedKeys(catalog: Catalog, selections: ReadonlyMap<number, Selection>): SelectedKey[] {
  return selectedKeys(catalog, selections, catalog.filters).filter(({ rows }) => rows.parent.some(mayComeAlong))
}

/**
 * The filters with what comes along. `added`: how many rows, by the table that holds them; null: not counted. `asFew`: conditions that nothing comes
 * along with today stay as they are.
 */
export function followedFilters(
  catalog: Catalog,
  selections: ReadonlyMap<number, Selection>,
  keys: readonly SelectedKey[],
  added: ReadonlyMap<number, bigint> | null,
  asFew: boolean,
): ReadonlyMap<number, ObservedFilter> {
  const leadingTo = leadingKeys(keys)
  const tables = catalog.relations.filter(({ oid, kind }) => kind === 'table' && selections.get(oid)?.rule === 'filtered')
  return new Map(
    [...catalog.filters].map(([filterOid, filter]): [number, ObservedFilter] => {
      const leaves = tables.filter(({ oid }) => selections.get(oid)?.filterOid === filterOid).map(({ oid }) => oid)
      const last = leadingTo(leaves)
      const estimatedRows = new Map(leaves.map((oid) => [oid, (filter.estimatedRows.get(oid) ?? 0n) + (added?.get(oid) ?? 0n)]))
      const rows = added === null ? null : leaves.reduce((sum, oid) => sum + (added.get(oid) ?? 0n), 0n)
      if (last.length === 0 || (asFew && rows === 0n)) return [filterOid, filter]
      const predicate = followedPredicate(
        filter.predicate,
        leadingAlong(leadingTo, last).map((one) => one.rows),
        leaves,
      )
      return [
        filterOid,
        { ...filter, predicate, comesAlong: { own: filter.predicate, words: inWords(catalog, last, rows) }, estimatedRows },
      ]
    }),
  )
}

/** Of all tables that a key leads to, whatever comes along is there: what's left are those without rows. */
export function beyondFollowed(keys: readonly SelectedKey[]): SelectedKey[] {
  return keys
    .map(({ key, rows }) => ({
      key,
      rows: { ...rows, parent: rows.parent.map((one) => (mayComeAlong(one) ? { ...one, rows: 'all' as const } : one)) },
    }))
    .filter(({ rows }) => rows.parent.some((one) => one.rows === 'none'))
}

/** Those keys, and the ones that lead to their children, all the way. */
function leadingAlong(leadingTo: LeadingTo, last: readonly SelectedKey[]): SelectedKey[] {
  const found = new Set(last)
  for (const { rows } of found) {
    for (const key of leadingTo(rows.child.filter(mayComeAlong).flatMap(({ leaves }) => leaves))) found.add(key)
  }
  return [...found]
}

/** The keys to rows of these tables that may come along. */
type LeadingTo = (tables: readonly number[]) => SelectedKey[]

function leadingKeys(keys: readonly SelectedKey[]): LeadingTo {
  const pairs = keys.flatMap((key) => key.rows.parent.filter(mayComeAlong).flatMap(({ leaves }) => leaves.map((oid) => ({ oid, key }))))
  const byTable = groupBy(pairs, ({ oid }) => oid)
  return (tables) => [...new Set(tables.flatMap((oid) => byTable.get(oid) ?? []).map(({ key }) => key))]
}

function inWords({ relations }: Catalog, keys: readonly SelectedKey[], rows: bigint | null): string {
  const names = new Map(relations.map(({ oid, schema, name }) => [oid, spelled(schema, name)]))
  const by = listed(
    keys.map(({ key }) => `${key.name} of ${names.get(key.childOid)}`),
    3,
  )
  return `${rows === null ? 'rows' : counted(rows, 'row')} that selected rows refer to (${by})`
}

/** The condition of a table that only what others refer to is wanted of. */
export const nothing = 'false'
