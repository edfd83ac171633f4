import { setTimeout as sleep } from 'node:timers/promises'
import { ReplicatorError } from '../../errors.ts'
import type { LaneState, ReplicationState } from '../../plan/replication-state.ts'
import { readReplication } from '../lag/read-replication.ts'
import type { Ledger } from '../ledger.ts'
import { type FencedLane, passFence } from './fence.ts'
import { followedLanes } from './lanes.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'

/** Milliseconds between two readings, and for which a marker is waited for. */
const interval = 1000

/** Seconds for which a worker may be away, as it is after every error of its own (`wal_retrieve_retry_interval` is 5 s). */
const awayAtMost = 30

/** Waits until every table streams, and until all that was committed on the source before now is on the target. Tells how far it is. */
export async function catchUp(run: SyncRun, servers: SyncServers, ledger: Ledger): Promise<void> {
  const lanes = followedLanes(await ledger.read())
  let before: ReplicationState | null = null
  const away = new Map<number, number>()
  for (;;) {
    run.signal.throwIfAborted()
    const state = await readReplication(sessionsOf(run, servers))
    announce(run, state, before)
    refuseFailing(run, state, before, away)
    before = state
    if (isReady(state)) {
      const soon = { deadline: performance.now() + interval, signal: run.signal }
      if (
        await passFence(
          servers,
          fenced(
            state,
            lanes.map(({ lane }) => lane),
          ),
          soon,
        )
      )
        return
    } else await sleep(interval, undefined, { signal: run.signal })
  }
}

export function sessionsOf(run: SyncRun, { source, target }: SyncServers) {
  const identifiers = { source: run.sourceSystemIdentifier, target: run.targetSystemIdentifier }
  return { source, target, database: run.database, identifiers }
}

/** What a fence needs of them. */
export function fenced({ lanes }: ReplicationState, wanted: readonly number[]): FencedLane[] {
  return lanes.filter(({ lane }) => wanted.includes(lane)).map(({ lane, slotName, heartbeat }) => ({ lane, slot: slotName, heartbeat }))
}

function isReady({ tables, lanes }: ReplicationState): boolean {
  return tables.every(({ state }) => state === 'ready') && lanes.every(({ subscription }) => subscription?.workerPid != null)
}

function announce({ emit, database }: SyncRun, state: ReplicationState, before: ReplicationState | null): void {
  const bytes = lagBytes(state)
  const earlier = before === null ? null : lagBytes(before)
  const gained = bytes === null || earlier === null || before === null ? 0 : Number(earlier - bytes) / (state.at - before.at)
  emit({
    type: 'lag',
    database,
    bytes,
    seconds: null,
    readyTables: state.tables.filter((table) => table.state === 'ready').length,
    tables: state.tables.length,
    secondsLeft: bytes !== null && gained > 0 ? Number(bytes) / gained : null,
  })
}

/** Of the lane that is furthest behind; null where it isn't known. */
export function lagBytes({ sourceLsn, lanes }: ReplicationState): bigint | null {
  let most = 0n
  for (const { slot } of lanes) {
    if (sourceLsn === null || slot?.confirmedFlushLsn == null) return null
    const lag = sourceLsn - slot.confirmedFlushLsn
    if (lag > most) most = lag
  }
  return most
}

/** An apply worker that meets an error ends, and comes back to the same error: waiting would be in vain. */
function refuseFailing(run: SyncRun, state: ReplicationState, before: ReplicationState | null, away: Map<number, number>): void {
  for (const lane of state.lanes) {
    if (lane.subscription?.workerPid != null) away.delete(lane.lane)
    else away.set(lane.lane, away.get(lane.lane) ?? state.at)
    const earlier = before?.lanes.find((one) => one.lane === lane.lane)
    const failed = errorsOf(lane) > errorsOf(earlier) && earlier !== undefined
    const gone = state.at - (away.get(lane.lane) ?? state.at) > awayAtMost
    if (failed || gone) throw applyFailed(run, lane)
  }
}

function errorsOf(lane: LaneState | undefined): bigint {
  return (lane?.subscription?.errors?.apply ?? 0n) + (lane?.subscription?.errors?.sync ?? 0n)
}

function applyFailed({ database }: SyncRun, { subscription, slotName }: LaneState): ReplicatorError {
  const errors = subscription?.errors == null ? '' : ` (${subscription.errors.apply + subscription.errors.sync} errors so far)`
  return new ReplicatorError('apply-failed', `the worker of subscription ${subscription?.name ?? slotName} fails${errors}`, {
    database,
    hint: "The target server's log tells why; `status` shows it where our role may read it. The slot keeps the source's log until it's mended: then run `sync` again.",
  })
}
