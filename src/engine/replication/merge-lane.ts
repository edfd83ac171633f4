import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readPublishedTables } from '../../pg/catalog/replication/published-tables.ts'
import type { Session } from '../../pg/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { lockTimeoutSql } from '../../sql/lock-timeout.ts'
import { addTablesSql, dropTablesSql, type PublishedTable } from '../../sql/publication.ts'
import { type PublicationKind, publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { disableSql, enableSql, refreshSql } from '../../sql/subscription.ts'
import type { DatabaseRun } from '../database-run.ts'
import { beat } from '../lag/heartbeat.ts'
import { isRefusal } from '../warnings.ts'
import { type FencedLane, passFence } from './fence.ts'
import { type Hold, holdWrites } from './hold.ts'
import type { LaneServers } from './lane-servers.ts'
import { openInserts } from './open-inserts.ts'
import { readSubscribedTables } from './subscribe.ts'
import { withoutWaiting } from './without-waiting.ts'

export interface Merge {
  readonly lane: FencedLane
  readonly into: FencedLane
  /** Milliseconds that writes may wait. */
  readonly longest: number
}

export interface Merged {
  /** Milliseconds that writes may have waited. */
  readonly held: number
  /** Seen to be done while they were. An answer that came late, or a hold that somebody ended, leaves open whether a write fell between. */
  readonly certain: boolean
}

/** Milliseconds that the last step, which asks the source for its tables, must have left to be begun. */
const refreshing = 60

/**
 * Lets `into` follow a lane's tables. Both publish them for a moment, and apply ignores what its subscription doesn't list; then, with writes to
 * these tables held and both lanes past the lock, the one stops and the other takes over, so that no change is applied twice or by none. Null:
 * it would have taken longer, and all is as it was. Whatever kills it leaves the lane stopped or the merge done; `resumeMerge` tells which.
 */
export async function mergeLane(run: DatabaseRun, servers: LaneServers, merge: Merge): Promise<Merged | null> {
  const tables = await tablesOf(servers.source, merge.lane.lane)
  await withdrawOthers(run, servers, merge.into, tables)
  if (tables.some(({ kind, tables: some }) => kind === 'inserts' && some.length > 0)) await openInserts(run, servers, merge.into)
  if (!(await publishInto(servers.source, merge, tables))) return null
  // Past what's there already, so that under the lock there's only the last moment to wait for.
  const soon = { deadline: performance.now() + 5000, signal: run.signal }
  if (!(await passFence(servers, [merge.lane, merge.into], soon))) return null
  const hold = await holdWrites({ ...run, tables: tables.flatMap((one) => one.tables), longest: merge.longest })
  if (hold === null) return null
  let taken: boolean
  let certain: boolean
  try {
    taken = await takeOver(run, servers, merge, hold)
    certain = performance.now() < hold.deadline && (await hold.stands())
  } catch (error) {
    await hold.release().catch(() => undefined)
    throw error
  }
  const held = await hold.release()
  return taken ? { held, certain } : null
}

interface LaneTables {
  readonly kind: PublicationKind
  readonly tables: readonly PublishedTable[]
}

async function tablesOf(source: Session, lane: number): Promise<LaneTables[]> {
  const kinds: readonly PublicationKind[] = ['changes', 'inserts']
  const found: LaneTables[] = []
  for (const kind of kinds) found.push({ kind, tables: await readPublishedTables(source, publicationName(kind, lane)) })
  return found
}

/** What a merge that was put off has published stays another lane's: the refresh would take it in too, and both would apply it. */
async function withdrawOthers(
  { signal }: DatabaseRun,
  { source, target }: LaneServers,
  { lane: into }: FencedLane,
  tables: readonly LaneTables[],
): Promise<void> {
  const wanted = new Set([...(await readSubscribedTables(target, into)), ...tables.flatMap((one) => one.tables)].map(qualified))
  const others = (await tablesOf(source, into)).flatMap(
    (one) =>
      dropTablesSql(
        publicationName(one.kind, into),
        one.tables.filter((table) => !wanted.has(qualified(table))),
      ) ?? [],
  )
  if (others.length > 0) await withoutWaiting(source, others, signal)
}

/** The lock keeps majors up to 12 from losing changes that are under way. False: it couldn't be had in time. */
async function publishInto(source: Session, { into, longest }: Merge, tables: readonly LaneTables[]): Promise<boolean> {
  for (const { kind, tables: ofLane } of tables) {
    const name = publicationName(kind, into.lane)
    const there = new Set((await readPublishedTables(source, name)).map(qualified))
    const missing = ofLane.filter((table) => !there.has(qualified(table)))
    const add = addTablesSql(name, missing)
    if (add === null) continue
    const names = missing.map((table) => `only ${qualified(table)}`).join(', ')
    try {
      await source.run(
        `begin;\n${lockTimeoutSql(longest / 2)};\nset local statement_timeout = ${Math.ceil(longest)};\nlock table ${names} in share row exclusive mode;\n${add};\ncommit`,
      )
    } catch (error) {
      if (!isRefusal(error) || !source.alive) throw error
      await source.run('rollback')
      return false
    }
  }
  return true
}

/** False: there wasn't the time, and the lane goes on as before. */
async function takeOver(run: DatabaseRun, servers: LaneServers, { lane, into }: Merge, hold: Hold): Promise<boolean> {
  const { target } = servers
  const { signal } = run
  const latest = hold.deadline - refreshing
  if (!(await passFence(servers, [lane, into], { deadline: latest, signal }))) return false
  await target.run(disableSql(subscriptionName(lane.lane)))
  const stopped = (await workerEnds(servers, lane, latest)) && (await hold.stands())
  const left = Math.floor(hold.deadline - performance.now())
  if (!stopped || left < refreshing) {
    await target.run(enableSql(subscriptionName(lane.lane)))
    return false
  }
  // The server's own clock ends it before the lock can: no write may fall between.
  await target.run(`set statement_timeout = ${left - 10}`)
  try {
    await target.run(refreshSql(subscriptionName(into.lane), false))
  } catch (error) {
    if (!isRefusal(error)) throw error
    await target.run(enableSql(subscriptionName(lane.lane)))
    return false
  } finally {
    if (target.alive) await target.run('reset statement_timeout')
  }
  return true
}

/** A worker looks at its subscription when something arrives, or once a second (before 16): so something is sent. */
async function workerEnds({ source, target }: LaneServers, { lane, heartbeat }: FencedLane, deadline: number): Promise<boolean> {
  if (heartbeat) await beat(source, lane)
  while (await hasWorker(target, lane)) {
    if (performance.now() > deadline) return false
    await sleep(3)
  }
  return true
}

async function hasWorker(target: Session, lane: number): Promise<boolean> {
  const found = await target.rows(
    z.unknown(),
    `select from pg_catalog.pg_stat_subscription w
       join pg_catalog.pg_subscription s on s.oid = w.subid
       join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
      where s.subname = $1 and w.pid is not null`,
    [subscriptionName(lane)],
  )
  return found.length > 0
}
