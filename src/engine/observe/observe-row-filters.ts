import type { Config } from '../../config/config.ts'
import { openSession } from '../../pg/session.ts'
import { type FilteredTable, tryRowFilters } from '../../pg/try-row-filters.ts'
import { makePlan } from '../../plan/make-plan.ts'
import type { Observed } from '../../plan/observed.ts'
import type { ObservedRowFilter } from '../../plan/observed-replication.ts'
import type { DatabasePlan } from '../../plan/plan.ts'

type RowFilters = ReadonlyMap<string, ReadonlyMap<number, ObservedRowFilter>>

/** What the source says of the filters that tables would be published with (15+), by database; of tables that we may publish alone. */
export async function observeRowFilters(config: Config, observed: Observed, signal: AbortSignal): Promise<RowFilters> {
  const judged = new Map<string, ReadonlyMap<number, ObservedRowFilter>>()
  if (observed.source.versionNumber < 150_000 || observed.source.inRecovery) return judged
  const plan = makePlan(config, { ...observed, replication: null })
  for (const database of plan.databases) {
    const filtered = filteredTables(database, observed)
    if (filtered.length === 0) continue
    await using session = await openSession(config.source, { database: database.name, signal })
    judged.set(database.name, await tryRowFilters(session, filtered))
  }
  return judged
}

/** A predicate that was found wrong might be more than one expression: it goes nowhere near a session that can write. */
function filteredTables({ name, tables }: DatabasePlan, observed: Observed): FilteredTable[] {
  const catalog = observed.databases.find(({ source }) => source.name === name)?.catalog ?? null
  if (catalog === null || [...catalog.filters.values()].some(({ error }) => error !== null)) return []
  const publishable = new Set(catalog.relations.filter((one) => one.canPublish && !one.unlogged).map(({ oid }) => oid))
  return tables.filter(({ oid, rule, predicate }) => (rule === 'copy' || rule === 'filtered') && predicate !== null && publishable.has(oid))
}
