import { isFollowed, type PublishingConditions } from '../publishing.ts'
import { routedTrees } from '../routed-trees.ts'
import type { RuleInput, ScopedDatabase, ScopedTable } from './rule.ts'
import type { ScopedRelation } from './scoped.ts'

export type PublishableTable = ScopedTable & Pick<ScopedRelation, 'database'>

/**
 * The tables whose changes are to be followed, whether or not they can be. `sync` is only asked of those that nobody publishes yet: the others
 * are published as `init` was told to.
 */
export function publishable({ observed, config }: RuleInput, { pair, tables }: ScopedDatabase): PublishableTable[] {
  const database = pair.source.name
  const publications = config.command === 'sync' ? (observed.replication?.databases.get(database)?.publications ?? []) : []
  const published = new Set(publications.flatMap((one) => (one.mark === null ? [] : one.tables.map(({ oid }) => oid))))
  if (config.command === 'sync' && !config.addTables) return []
  return tables
    .filter(({ relation, rule }) => isFollowed(relation, rule) && !published.has(relation.oid))
    .map((table) => ({ ...table, database }))
}

/** What flawOf needs to know besides the table. */
export function flawConditions(
  { observed }: RuleInput,
  { pair }: ScopedDatabase,
): Pick<PublishingConditions, 'rowFilters' | 'sourceVersion' | 'leaves'> {
  const relations = pair.catalog?.relations ?? []
  const routed = routedTrees(relations)
  return {
    rowFilters: observed.replication?.databases.get(pair.source.name)?.rowFilters ?? new Map(),
    sourceVersion: observed.source.versionNumber,
    leaves: (top) => relations.filter((one) => one.kind === 'table' && routed.get(one.oid) === top.oid),
  }
}
