import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import { closingFilters } from '../closing-filters.ts'
import type { ObservedCatalog, ObservedPartialKey } from '../observed.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** Rows that refer to rows which aren't selected: counted, so that filters that fit together are no trouble. */
export function foreignKeys({ databases, observed }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap((database) => {
    const { catalog } = database.pair
    // A finished copy was asked when it was made.
    if (catalog === null || database.action === 'complete') return []
    const judged = catalog.partialKeys.flatMap((one) => judge(one, catalog, database) ?? [])
    const fitting = catalog.partialKeys.filter(({ orphans }) => 'rows' in orphans && orphans.rows === 0n)
    return [...judged, ...(observed.replication === null ? [] : mayComeApart(fitting, catalog, database))]
  })
}

function judge({ key, orphans }: ObservedPartialKey, catalog: ObservedCatalog, { pair, tables }: ScopedDatabase): Problem | Warning | null {
  const name = nameOf(catalog)
  const [child, parent] = [name(key.childOid), name(key.parentOid)]
  const place = { database: pair.source.name, relation: quotedName(catalog, key.childOid) }
  if ('error' in orphans) {
    const why = `The rows of foreign key ${key.name} of ${child} to ${parent} can't be told from those that aren't selected: ${orphans.error}.`
    return problem('foreign-key-unsatisfied', why, { ...place, hint: 'Mend the filters, so that they can be evaluated for every row.' })
  }
  if (orphans.rows === 0n) return null
  const rows = `${counted(orphans.rows, 'row')} of ${child} ${orphans.rows === 1n ? 'refers' : 'refer'} to rows of ${parent} that aren't selected`
  if (!key.isKept) {
    const hint = 'The foreign key is not enforced, or not valid, on the source, and will be the same on the target.'
    return warning('foreign-key-unsatisfied', `${rows}: ${key.name}.`, { ...place, hint })
  }
  const rowless = new Set(tables.filter(({ rule }) => rule === 'schema-only' || rule === 'excluded').map(({ relation }) => relation.oid))
  const { chains, filters } = closingFilters(catalog, key, (oid) => !rowless.has(oid))
  const shown = chains.map((chain) => chain.map(name).join(' → '))
  const family = familyOf(catalog, key.parentOid)
  const ways = [
    ...(filters === null ? [] : [closing(filters)]),
    ...(tables.some(({ relation, rule }) => rule === 'filtered' && family.has(relation.oid))
      ? [`give follow-foreign-keys (with snapshot-only), and they come along`, `take the filter from ${parent}`]
      : []),
    ...[...family].filter((oid) => rowless.has(oid)).map((oid) => `bring the rows of ${name(oid)}, or ${child} without its own`),
  ]
  return problem('foreign-key-unsatisfied', `${rows}, by foreign key ${key.name}: ${listed(shown, 3)}.`, {
    ...place,
    hint: inOneSentence(ways),
  })
}

function closing(filters: readonly string[]): string {
  const nested = filters.some((one) => one.includes(' IN (SELECT ')) ? ', with snapshot-only, since a publication takes no subquery' : ''
  return `filter what refers to it too, in table-filters${nested}: ${filters.map((one) => `\`${one}\``).join(', ')}`
}

function inOneSentence(ways: readonly string[]): string {
  const all = ways.join('; or ')
  return `${all.slice(0, 1).toUpperCase()}${all.slice(1)}.`
}

/** A table and all its partitions. */
function familyOf({ relations }: ObservedCatalog, top: number): ReadonlySet<number> {
  const family = new Set([top])
  for (const oid of family) for (const one of relations) if (one.isPartition && one.parents[0] === oid) family.add(one.oid)
  return family
}

/** The target doesn't check what replication brings. */
function mayComeApart(keys: readonly ObservedPartialKey[], catalog: ObservedCatalog, { pair, tables }: ScopedDatabase): Warning[] {
  const followed = new Set(tables.filter(({ publish }) => publish !== null).map(({ relation }) => relation.oid))
  const name = nameOf(catalog)
  const open = keys.filter(({ key }) => key.childOid !== key.parentOid && (followed.has(key.childOid) || isTop(catalog, key.childOid)))
  if (open.length === 0) return []
  const named = open.map(({ key }) => `${key.name} of ${name(key.childOid)} to ${name(key.parentOid)}`)
  const message = `${counted(open.length, 'foreign key')} of replicated tables, to tables of which not all rows are: ${listed(named)}.`
  return [
    warning('foreign-key-unsatisfied', message, {
      database: pair.source.name,
      hint: 'Today no row lacks its parent. One that is written later may, unnoticed: the target does not check what replication brings.',
    }),
  ]
}

function isTop({ relations }: ObservedCatalog, oid: number): boolean {
  return relations.some((one) => one.oid === oid && one.kind === 'partitioned')
}

function nameOf({ relations }: ObservedCatalog): (oid: number) => string {
  const names = new Map(relations.map(({ oid, schema, name }) => [oid, spelled(schema, name)]))
  return (oid) => names.get(oid) ?? String(oid)
}

function quotedName({ relations }: ObservedCatalog, oid: number): string {
  return relations
    .filter((one) => one.oid === oid)
    .map(qualified)
    .join()
}
