import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import type { Emit, RelationName } from '../../events.ts'
import type { Session } from '../../pg/session.ts'
import { followingOf, type Unsettled } from '../../plan/following.ts'
import type { LaneState, ReplicationState } from '../../plan/replication-state.ts'
import type { TableVerification } from '../../plan/results.ts'
import type { TableComparison } from '../../plan/verification.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { heartbeatName } from '../../sql/replication-names.ts'
import { readReplication } from '../lag/read-replication.ts'
import { type FencedLane, passFence } from '../replication/fence.ts'
import { openSyncServers } from '../replication/sync-run.ts'
import { type Moment, type MomentServers, openMoment } from './moment.ts'
import { type BothSides, readBoth } from './read-both.ts'

/** What is known of the replication that a database is compared under. */
export interface Followed {
  /** System identifiers. */
  readonly identifiers: { readonly source: string; readonly target: string }
  /** Milliseconds that writes to a table may be held; 0: never. */
  readonly maxHold: number
  /** Seconds that the target may take to catch up. */
  readonly wait: number
}

export interface Again extends Followed, BothSides {
  /** Hash the text as UTF-8. */
  readonly utf8: boolean
  readonly emit: Emit
}

/** A table that differed at the first look, at which both sides were read at moments of their own. */
export interface Doubtful {
  readonly comparison: Extract<TableComparison, { kind: 'read' }>
  readonly first: TableVerification
  readonly settle: (result: TableVerification | ReplicatorError, why?: Unsettled) => void
}

/** Milliseconds before each attempt to compare a table exactly. */
const pauses = [0, 500, 1000, 2000, 4000]
/** Attempts where writes may not be held: the table is read whole each time. */
const unheldAttempts = 3
/** Milliseconds for which an attempt waits for the target. */
const catchUpFor = 5000

/** Tells differences from changes that are under way: table after table, each at a moment without writes. */
export async function lookAgain(again: Again, doubtful: readonly Doubtful[]): Promise<void> {
  if (doubtful.length === 0) return
  await using sessions = await openSyncServers(again)
  const servers = { ...again, sessions }
  const state = await readReplication({ ...again, ...sessions })
  const waiting = new Map<number, Waiting>()
  for (const one of doubtful) {
    const following = followingOf(one.comparison.table, state)
    if (following.kind === 'unsettled') settleAs(one, following)
    else {
      const { lane } = following
      const tables = waiting.get(lane.lane)?.tables ?? []
      waiting.set(lane.lane, { lane, tables: [...tables, one] })
    }
  }
  let longest = 0
  const onHeld = (milliseconds: number) => void (longest = Math.max(longest, milliseconds))
  for (const { lane, tables } of waiting.values()) await lookAtLane({ again, servers, onHeld }, lane, tables)
  if (longest > 0)
    again.emit({ type: 'note', message: `writes to a table waited for ${Math.ceil(longest)} ms at most while it was compared` })
}

interface Waiting {
  readonly lane: LaneState
  readonly tables: readonly Doubtful[]
}

interface Looking {
  readonly again: Again
  readonly servers: MomentServers
  readonly onHeld: (milliseconds: number) => void
}

/** A target that is behind isn't different: so it's waited for first, once for all tables of a lane. */
async function lookAtLane(looking: Looking, state: LaneState, tables: readonly Doubtful[]): Promise<void> {
  const { again, servers } = looking
  const { sessions, signal } = servers
  const heartbeat = state.heartbeat && (await may(sessions.source, { schema: ownSchema, name: heartbeatName(state.lane) }, 'UPDATE'))
  const lane = { lane: state.lane, slot: state.slotName, heartbeat }
  const caughtUp = await passFence(sessions, [lane], { deadline: performance.now() + again.wait * 1000, signal })
  const reason = caughtUp ? '' : behind(await readReplication({ ...again, ...sessions }), lane)
  for (const one of tables) {
    if (caughtUp) await lookAtTable(looking, lane, one)
    else settleAs(one, { why: 'behind', reason })
  }
}

async function lookAtTable(looking: Looking, lane: FencedLane, one: Doubtful): Promise<void> {
  try {
    const found = await compareExactly(looking, lane, one)
    if (found === null) settleAs(one, { why: 'busy', reason: "it's written to without a pause that max-hold would allow" })
    else one.settle(found)
  } catch (error) {
    looking.servers.signal.throwIfAborted()
    if (!(error instanceof ReplicatorError) || error.code === 'internal') throw error
    one.settle(error)
  }
}

/** Null: no attempt could tell. */
async function compareExactly(looking: Looking, lane: FencedLane, { comparison }: Doubtful): Promise<Compared | null> {
  const { again, servers, onHeld } = looking
  const { signal } = servers
  const longest = again.maxHold > 0 && (await may(servers.sessions.source, comparison.table, toLock)) ? again.maxHold : null
  for (const pause of longest === null ? pauses.slice(0, unheldAttempts) : pauses) {
    await sleep(pause, undefined, { signal })
    // Past what's there already, so that under the lock there's only the last moment to wait for.
    await passFence(servers.sessions, [lane], { deadline: performance.now() + catchUpFor, signal })
    const request = { table: comparison.table, lane, onHeld }
    const held = longest === null ? null : await openMoment(servers, { ...request, longest })
    // What the slot confirms may take longer than any hold.
    await using moment = held ?? (longest === null || !lane.heartbeat ? await openMoment(servers, { ...request, longest: null }) : null)
    if (moment === null) continue
    const found = await compareAt(again, moment, comparison)
    const tells = found instanceof ReplicatorError || found.result === 'equal' || held !== null
    if (tells && (await moment.stillShows(comparison.table))) return found
  }
  return null
}

type Compared = TableVerification | ReplicatorError

async function compareAt(again: Again, moment: Moment, comparison: Doubtful['comparison']): Promise<Compared> {
  const results: Compared[] = []
  const { source, target, bytes } = comparison
  await readBoth(again, again.utf8, [{ source, target, bytes, snapshots: moment, finish: (result) => void results.push(result) }])
  const [result] = results
  if (result === undefined) throw new ReplicatorError('internal', 'a table was read without a result')
  return result
}

/** Any of these. https://www.postgresql.org/docs/current/sql-lock.html */
const toLock = 'UPDATE, DELETE, TRUNCATE'

async function may(source: Session, { schema, name }: RelationName, privileges: string): Promise<boolean> {
  const { may } = await source.one(
    z.object({ may: z.boolean() }),
    `select pg_catalog.has_table_privilege(pg_catalog.format('%I.%I', $1::pg_catalog.text, $2::pg_catalog.text), $3) as may`,
    [schema, name, privileges],
  )
  return may
}

function settleAs({ first, settle }: Doubtful, { why, reason }: { readonly why: Unsettled; readonly reason: string }): void {
  settle({ ...first, result: 'skipped', reason }, why)
}

function behind({ sourceLsn, lanes }: ReplicationState, { lane }: FencedLane): string {
  const confirmed = lanes.find((one) => one.lane === lane)?.slot?.confirmedFlushLsn ?? null
  if (sourceLsn === null || confirmed === null) return 'the target is behind'
  return `the target is behind by ${(sourceLsn - confirmed).toLocaleString('en-US')} bytes of the source's log`
}
