import { readLoadObstacles } from '../../pg/catalog/load-obstacles.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { forgetLaneSql, reopenSql } from '../../sql/ledger.ts'
import { removeObstaclesSql } from '../../sql/load-obstacles.ts'
import { openTargetSession } from '../copy-worker.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { type Ledger, type LedgerLane, type LedgerState, ledgerKey } from '../ledger.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { dropLane } from './drop-lane.ts'
import type { LaneServers } from './lane-servers.ts'
import { finishedTables, followedLanes, type NotedLane } from './lanes.ts'
import { settleLane } from './settle-lane.ts'
import { isSubscribed } from './subscribe.ts'

/**
 * What unfinished runs left of their lanes: one that finished tables is trimmed to them and subscribed at once, so that its slot keeps no log while the
 * rest is copied; any other goes, slot first of all.
 */
export async function settleLanes(run: DatabaseRun, ledger: Ledger, outcome: DatabaseOutcome): Promise<void> {
  if (run.plan.replication === null) return
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  await using target = await openTargetSession(run.target, run.database, run.signal)
  const servers = { source, target }
  const { lanes } = await ledger.read()
  await dropUnknown(run, servers, lanes)
  for (const lane of followedLanes({ lanes })) await settle(run, servers, ledger, lane, outcome)
}

/** Killed between publication and ledger, a run leaves what no ledger knows. A mark of another target's is none of ours. */
export async function dropUnknown(run: DatabaseRun, { source, target }: LaneServers, lanes: readonly LedgerLane[]): Promise<void> {
  for (const { mark } of await readPublications(source)) {
    if (mark === null || mark.peer !== run.targetSystemIdentifier || mark.database !== run.database) continue
    if (!lanes.some(({ lane, slot }) => lane === mark.lane && slot === mark.slot))
      await dropLane({ source, target, lane: mark.lane, slot: mark.slot })
  }
}

async function settle(
  run: DatabaseRun,
  servers: LaneServers,
  ledger: Ledger,
  { lane, slot, subscribed }: NotedLane,
  outcome: DatabaseOutcome,
): Promise<void> {
  // A subscription that somebody dropped took along how far it had come.
  const kept = (await isKept(servers.source, slot)) && (!subscribed || (await isSubscribed(servers.target, lane)))
  const tables = kept ? finishedTables(run, await ledger.read(), lane) : []
  if (tables.length > 0) return settleLane(run, servers, { lane, slot, tables }, outcome)
  await dropLane({ ...servers, lane, slot })
  await (kept ? ledger.closeLane(lane) : startOver(run, servers.target, await ledger.read(), lane))
}

/** All of its tables; what follows their rows may be there by now, and would be in the way. */
async function startOver({ plan }: DatabaseRun, target: Session, { copied }: LedgerState, lane: number): Promise<void> {
  const tables = plan.tables.filter((table) => copied.get(ledgerKey(table))?.some((part) => part.lane === lane))
  const statements = [...removeObstaclesSql(await readLoadObstacles(target, tables)), reopenSql, forgetLaneSql(lane)]
  await runWhileOurs(target, statements.join(';\n'))
}

/** Without its slot nobody knows what changed since. */
export async function isKept(source: Session, slot: string): Promise<boolean> {
  const found = (await readSlots(source)).find(({ name }) => name === slot)
  return found !== undefined && found.walStatus !== 'lost'
}

/** The target's database is to be dropped: nothing may be left on the source that was made for it, and a subscription would forbid it. */
export async function abandonLanes({ source, target, database, targetSystemIdentifier, signal }: DatabaseRun): Promise<void> {
  await using from = await openSession(source, { database, signal })
  await using to = await openSession(target, { database, signal })
  const published = (await readPublications(from)).flatMap(({ mark }) =>
    mark !== null && mark.peer === targetSystemIdentifier && mark.database === database ? [mark] : [],
  )
  const subscribed = (await readSubscriptions(to)).flatMap((one) => (one.database === database && one.mark !== null ? [one.mark] : []))
  const slots = new Map([...published, ...subscribed].map(({ lane, slot }) => [lane, slot]))
  for (const [lane, slot] of slots) await dropLane({ source: from, target: to, lane, slot })
}
