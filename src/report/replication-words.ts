import { furthestBehind, type LagMeasure } from '../plan/lag-measure.ts'
import type { ReplicationReading } from '../plan/replication-reading.ts'
import { isReady, type LaneState, type ReplicatedTable, type ReplicationState } from '../plan/replication-state.ts'
import type { CommandResult, DatabaseResult, ReplicationResult } from '../plan/results.ts'
import { formatBytes, formatCount, formatDuration, formatRate, formatRoughDuration, plural } from './format.ts'
import { largest } from './totals.ts'

/** `≥` where the marker is still on its way, `≤` where it's known only once the source was told. */
export function lagWords({ atLeast, atMost, by }: LagMeasure): string {
  if (atMost !== null && atMost === atLeast) return formatDuration(atMost)
  if (atMost !== null && by === 'message') return `≤ ${formatDuration(atMost)}`
  return atLeast === null ? 'unknown' : `≥ ${formatDuration(atLeast)}`
}

export function bytesWords(bytes: bigint | null): string {
  return bytes === null ? 'unknown' : formatBytes(bytes)
}

/** `1.2 MB and 3.2 s behind, 14 of 14 tables ready, catching up at 2 MB/s, level in about 20 s`. */
export function readingWords(reading: ReplicationReading): string {
  const { state, lagBytes, retainedBytes, pace } = reading
  return [
    behindWords(reading),
    readyWords(state),
    ...(retainedBytes === null ? [] : [`the source keeps ${formatBytes(retainedBytes)} of WAL`]),
    ...paceWords(pace, lagBytes),
  ].join(', ')
}

export function behindWords({ lagBytes, lag }: Pick<ReplicationReading, 'lagBytes' | 'lag'>): string {
  if (lag.by === null) return lagBytes === null ? 'lag unknown' : `${bytesWords(lagBytes)} and an unknown time behind`
  return `${bytesWords(lagBytes)} and ${lagWords(lag)} behind`
}

function readyWords(state: ReplicationState): string {
  return `${formatCount(readyTables(state))} of ${plural(state.tables.length, 'table')} ready`
}

export function readyTables(state: ReplicationState): number {
  return state.tables.filter((table) => isReady(table, state)).length
}

/** What is less than this isn't worth a rate. */
const level = 1024n * 1024n

function paceWords(
  { catchUpBytesPerSecond: rate, secondsLeft, secondsToLoss }: ReplicationReading['pace'],
  bytes: bigint | null,
): string[] {
  const moving = bytes === null || bytes < level || rate === null || Math.round(rate) === 0
  return [
    ...(moving ? [] : [rate > 0 ? `catching up at ${formatRate(rate)}` : `falling behind at ${formatRate(-rate)}`]),
    ...(moving || secondsLeft === null ? [] : [`level in about ${formatRoughDuration(secondsLeft)}`]),
    ...(secondsToLoss === null ? [] : [`WAL is removed in ${formatRoughDuration(secondsToLoss)} at the present rate`]),
  ]
}

/** What a lane's subscription is doing. */
export function subscriptionWords({ subscription, sender }: LaneState): string {
  if (subscription === null) return 'not subscribed yet'
  if (!subscription.enabled) return 'disabled'
  if (subscription.workerPid === null) return 'worker not running'
  return sender?.state === 'catchup' ? 'catching up' : (sender?.state ?? 'running')
}

export function slotWords({ slot }: LaneState, { sourceLsn }: ReplicationState): string {
  if (slot === null) return sourceLsn === null ? 'unknown' : 'missing'
  const use = slot.active ? 'active' : 'not read'
  return slot.walStatus === 'lost' || slot.walStatus === 'unreserved' ? slot.walStatus : use
}

/** Lag of one lane, and what its slot keeps. */
export function laneBytes({ slot }: LaneState, { sourceLsn }: ReplicationState): { lag: bigint | null; retained: bigint | null } {
  const since = (position: bigint | null | undefined) => (sourceLsn === null || position == null ? null : sourceLsn - position)
  return { lag: since(slot?.confirmedFlushLsn), retained: since(slot?.restartLsn) }
}

/** Counted since the target's statistics were reset; before 15 they aren't. */
export function errorWords({ subscription }: LaneState): string {
  if (subscription?.errors == null) return ''
  const { apply, sync, conflicts } = subscription.errors
  return [
    ...(apply + sync === 0n ? [] : [plural(apply + sync, 'error')]),
    ...conflicts.map(({ kind, count }) => `${kind} ${formatCount(count)}`),
  ].join(', ')
}

export function publishedWords(
  { published }: Pick<ReplicatedTable, 'published'>,
  { sourceLsn }: Pick<ReplicationState, 'sourceLsn'>,
): string {
  if (published === null && sourceLsn === null) return 'unknown'
  return { changes: 'all changes', inserts: 'inserts only', none: 'not published' }[published ?? 'none']
}

/** Those that aren't ready first, then those that don't get everything. */
export function byState(a: ReplicatedTable, b: ReplicatedTable): number {
  const weight = ({ state, published }: ReplicatedTable) => (state !== 'ready' ? 2 : published !== 'changes' ? 1 : 0)
  return weight(b) - weight(a)
}

export function replications({
  databases,
}: Pick<CommandResult, 'databases'>): (DatabaseResult & { readonly replication: ReplicationResult })[] {
  return databases.flatMap(({ replication, ...database }) => (replication === undefined ? [] : [{ ...database, replication }]))
}

export interface ReplicationTotals {
  /** Null: not known of all databases. */
  readonly lagBytes: bigint | null
  /** An upper bound. */
  readonly lagSeconds: number | null
  /** The same with its bounds. */
  readonly lag: LagMeasure
  readonly retainedBytes: bigint | null
  readonly tables: number
  readonly ready: number
}

/** Of all databases: the one that is furthest behind. Undefined where nothing is followed. */
export function replicationTotals(result: Pick<CommandResult, 'databases'>): ReplicationTotals | undefined {
  const all = replications(result).map(({ replication }) => replication)
  if (all.length === 0) return undefined
  const tables = all.flatMap(({ state }) => state.tables)
  return {
    lagBytes: most(all.map(({ lagBytes }) => lagBytes)),
    lagSeconds: all.some(({ lag }) => lag.atMost === null) ? null : Math.max(...all.map(({ lag }) => lag.atMost ?? 0)),
    lag: furthestBehind(all.map(({ lag }) => lag)),
    retainedBytes: most(all.map(({ retainedBytes }) => retainedBytes)),
    tables: tables.length,
    ready: all.reduce((sum, { state }) => sum + readyTables(state), 0),
  }
}

function most(values: readonly (bigint | null)[]): bigint | null {
  const known = values.filter((one) => one !== null)
  return known.length === values.length ? largest(known) : null
}
