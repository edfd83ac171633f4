import type { ObservedCatalog, ObservedForeignKey, ObservedRelation } from './observed.ts'
import { spelled } from './rules/listing.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'filters'>

/** What would have to be filtered too, for a foreign key to hold among the rows that are selected. */
export interface Closing {
  /** From each table that refers to the child, or to what does, to the parent; by oid. */
  readonly chains: readonly (readonly number[])[]
  /** As `table-filters` takes them; null: none would do. */
  readonly filters: readonly string[] | null
}

/** A longer one helps nobody. */
const longest = 2000

/** What refers to rows that are no longer selected must go as well, all the way. `takesRows`: whether a table has any on the target. */
export function closingFilters(catalog: Catalog, key: ObservedForeignKey, takesRows: (oid: number) => boolean): Closing {
  const keys = catalog.foreignKeys.filter(({ childOid, parentOid }) => childOid !== parentOid && takesRows(childOid))
  const towards = affectedTables(keys, key)
  const bound = keys.filter((one) => one === key || (towards.has(one.childOid) && towards.has(one.parentOid)))
  const filters = writeFilters(catalog, [...towards.keys()], bound, takesRows)
  const inner = new Set([...towards].flatMap(([from, to]) => (from === to ? [] : [to])))
  // A table that refers to itself is the end, too.
  const chainFrom = (oid: number): number[] =>
    oid === key.childOid ? [oid, key.parentOid] : [oid, ...chainFrom(towards.get(oid) ?? key.childOid)]
  return {
    chains: [...towards.keys()].filter((oid) => !inner.has(oid)).map(chainFrom),
    filters: key.childOid === key.parentOid ? null : filters,
  }
}

/** The child, and what refers to it however indirectly, each with the table that it does so through. A circle ends where it began. */
function affectedTables(keys: readonly ObservedForeignKey[], { childOid, parentOid }: ObservedForeignKey): ReadonlyMap<number, number> {
  const towards = new Map([[childOid, parentOid]])
  for (const oid of towards.keys()) {
    for (const one of keys) {
      if (one.parentOid === oid && one.childOid !== parentOid && !towards.has(one.childOid)) towards.set(one.childOid, oid)
    }
  }
  return towards
}

function writeFilters(
  { relations, filters }: Catalog,
  tables: readonly number[],
  bound: readonly ObservedForeignKey[],
  takesRows: (oid: number) => boolean,
): string[] | null {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]))
  const written = new Map<number, string | null>()
  /** What stands already, and for each key that its row is among those that are left; null: it can't be said. */
  const conditionOf = (oid: number): string | null => {
    const known = written.get(oid)
    if (known !== undefined) return known
    // Until it's known, for a circle.
    written.set(oid, null)
    const own = filters.get(oid)
    const conditions = bound.filter(({ childOid }) => childOid === oid).map(boundBy)
    const all = [...(own === undefined ? [] : [inOneLine(own.given ?? own.predicate)]), ...conditions]
    const joined = all.length === 1 ? (all[0] ?? '') : all.map((one) => `(${one})`).join(' AND ')
    const condition = joined === '' || all.includes(null) || joined.length > longest ? null : joined
    written.set(oid, condition)
    return condition
  }
  const boundBy = ({ childOid, parentOid, childColumns, parentColumns, operators }: ObservedForeignKey): string | null => {
    const [child, parent] = [byOid.get(childOid), byOid.get(parentOid)]
    if (child === undefined || parent === undefined) return null
    const nulls = childColumns.filter((name) => mayBeNull(child, name)).map((name) => `${spelled(name)} IS NULL`)
    if (!takesRows(parentOid)) return nulls.length === 0 ? null : nulls.join(' OR ')
    const condition = conditionOf(parentOid)
    // Periods are covered by several rows, and IN takes no collation.
    if (condition === null || !operators.every((one) => one.startsWith('operator(') && one.endsWith('.=)'))) return null
    const columns = parentColumns.map((name) => spelled(name)).join(', ')
    const row = childColumns.map((name) => spelled(name)).join(', ')
    const isLeft = `${childColumns.length === 1 ? row : `(${row})`} IN (SELECT ${columns} FROM ${spelled(parent.schema, parent.name)} WHERE ${condition})`
    return [...nulls, isLeft].join(' OR ')
  }
  const lines = tables.map((oid) => {
    const [relation, condition] = [byOid.get(oid), conditionOf(oid)]
    return relation === undefined || condition === null ? null : `${spelled(relation.schema, relation.name)}:${condition}`
  })
  const possible = lines.filter((one) => one !== null)
  return possible.length === lines.length ? possible : null
}

/** As an item of a list must be; null where a comment could swallow what follows, or a literal hold the line break. */
function inOneLine(predicate: string): string | null {
  if (predicate.includes('--')) return null
  const line = predicate.replaceAll('\n)', ')')
  return line.includes('\n') && /['"$]/.test(line) ? null : line.replaceAll(/\s*\n\s*/g, ' ')
}

function mayBeNull({ columns }: ObservedRelation, column: string): boolean {
  return columns.some(({ name, notNull }) => name === column && !notNull)
}
