import { type Config, isContinuous } from '../../config/config.ts'
import { readChunkShares } from '../../pg/catalog/chunk-bounds.ts'
import { readCutOffs } from '../../pg/catalog/clock.ts'
import type { CatalogDatabase } from '../../pg/catalog/database.ts'
import { estimateFilter, judged } from '../../pg/catalog/filters.ts'
import { readFrozenClock } from '../../pg/catalog/frozen-values.ts'
import type { Session } from '../../pg/session.ts'
import { copying, heldLedger } from '../../plan/decide-action.ts'
import { decideScope } from '../../plan/decide-scope.ts'
import { nothing } from '../../plan/follow-keys.ts'
import { identifySource } from '../../plan/identify-source.ts'
import type { ChunkShare, ObservedFilter, ObservedLedger, ObservedPair, ObservedRelation, ObservedTarget } from '../../plan/observed.ts'
import { joinPredicates, type Predicate, timePredicate, windowKey } from '../../scope/predicate.ts'
import type { Selection } from '../../scope/scope-database.ts'
import { freezePredicate } from './freeze-predicate.ts'
import { observeKeys } from './observe-keys.ts'
import { openObserver } from './open-observer.ts'

interface CatalogPair extends Pick<ObservedPair, 'source'> {
  readonly catalog: CatalogDatabase | null
  readonly target: ObservedTarget | null
}

interface SourceMoment {
  readonly systemIdentifier: string
  readonly now: string
}

/** Once the scope is known: cut-off times, and the source's judgement of every filter. */
export async function observeFilters(
  config: Config,
  pairs: readonly CatalogPair[],
  moment: SourceMoment,
  signal: AbortSignal,
): Promise<ObservedPair[]> {
  const scope = decideScope(config.scope, pairs)
  const observed: ObservedPair[] = []
  for (const pair of pairs) {
    const { catalog, source } = pair
    if (catalog === null) {
      observed.push({ ...pair, catalog })
      continue
    }
    const selections = scope.databases.get(source.name) ?? new Map<number, Selection>()
    const held = heldBy(config, pair, selections, moment.systemIdentifier)
    const asOf = held?.asOf ?? moment.now
    const filtered = [...selections].filter(([oid, { rule, filterOid }]) => rule === 'filtered' && filterOid === oid)
    const filters = filtered.length === 0 ? new Map() : await readFilters(config, source.name, catalog, new Map(filtered), asOf, signal)
    const open = () => openObserver(config.source, source.name, signal)
    const replicated = isContinuous(config) || (held?.lanes.some(({ slot }) => slot !== null) ?? false)
    const keys = await observeKeys(open, { ...catalog, filters }, selections, { copying: copying.includes(config.command), replicated })
    observed.push({ ...pair, catalog: { ...catalog, asOf, ...keys } })
  }
  return observed
}

/** A copy that goes on must cut where it began to, and what follows it too; one that starts over cuts anew. */
function heldBy(
  config: Config,
  pair: CatalogPair,
  selections: ReadonlyMap<number, Selection>,
  systemIdentifier: string,
): ObservedLedger | null {
  return heldLedger(pair.target, identifySource(pair, selections, systemIdentifier), config)
}

async function readFilters(
  config: Config,
  database: string,
  catalog: CatalogDatabase,
  filtered: ReadonlyMap<number, Selection>,
  asOf: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ObservedFilter>> {
  await using session = await openObserver(config.source, database, signal)
  const windows = config.scope.timeFilters.map(({ window }) => windowKey(window))
  const cutOffs = await readCutOffs(session, asOf, [...new Set(windows)])
  const clock = await readFrozenClock(session, asOf)
  const oids = new Map(catalog.relations.map(({ schema, name, oid }) => [JSON.stringify([schema, name]), oid]))
  const filters = new Map<number, ObservedFilter>()
  for (const relation of catalog.relations) {
    const selection = filtered.get(relation.oid)
    if (selection === undefined) continue
    if (selection.conditions.length === 0) {
      filters.set(relation.oid, { predicate: nothing, given: null, error: null, estimatedRows: new Map(), compressedChunks: new Map() })
      continue
    }
    const pieces: Predicate[] = []
    for (const one of selection.conditions) {
      const time = one.kind === 'time'
      pieces.push(time ? timePredicate(one, relation.columns, cutOffs) : await freezePredicate(session, relation, one.predicate, clock))
    }
    const { sql: predicate, given, error } = joinPredicates(pieces)
    const checked = error === null ? await judged(session, () => estimateFilter(session, relation, predicate)) : { error }
    const estimates = checked.error === null ? checked.found : []
    const estimatedRows = estimates.map(({ schema, name, rows }) => [oids.get(JSON.stringify([schema, name])) ?? 0, rows] as const)
    const compressedChunks = checked.error === null ? await chunkShares(session, catalog, relation, selection, predicate) : new Map()
    filters.set(relation.oid, { predicate, given, error: checked.error, estimatedRows: new Map(estimatedRows), compressedChunks })
  }
  return filters
}

/** A window of time takes some chunks whole; of what other filters take nothing is known before the rows are seen. */
async function chunkShares(
  session: Session,
  { hypertables }: CatalogDatabase,
  { oid, columns }: ObservedRelation,
  { conditions }: Selection,
  predicate: string,
): Promise<ReadonlyMap<number, ChunkShare>> {
  const hypertable = hypertables.find((one) => one.oid === oid)
  if (hypertable === undefined || hypertable.compressedChunks.length === 0) return new Map()
  const names = new Set(conditions.map((one) => (one.kind === 'time' ? one.column : null)))
  const column = names.size === 1 ? columns.find(({ name }) => names.has(name)) : undefined
  const known = column === undefined ? new Map<number, ChunkShare>() : await readChunkShares(session, hypertable.id, column, predicate)
  return new Map(hypertable.compressedChunks.map(({ chunk }) => [chunk, known.get(chunk) ?? 'some']))
}
