import { z } from 'zod'
import { ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { RelationName } from '../../events.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readPublishedTables } from '../../pg/catalog/replication/published-tables.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { listed as listing, spelled } from '../../plan/rules/listing.ts'
import { dropTablesSql } from '../../sql/publication.ts'
import { subscriptionName } from '../../sql/replication-names.ts'
import type { DatabaseRun } from '../database-run.ts'
import { type Ledger, type LedgerState, ledgerKey } from '../ledger.ts'
import type { LaneServers } from './lane-servers.ts'
import { type FollowedLane, followedLanes } from './lanes.ts'
import { resyncTables } from './resync-tables.ts'
import { readSubscribedTables } from './subscribe.ts'
import { withoutWaiting } from './without-waiting.ts'

const tableKey = z.tuple([z.string(), z.string()])

/**
 * Every lane follows the tables that the ledger says are its own. Those that somebody took from its publications, or that a killed run left
 * outside of them, are copied anew: nobody knows what changed since. Lanes have their subscriptions by now.
 */
export async function repairPublications(run: DatabaseRun, servers: LaneServers, ledger: Ledger): Promise<void> {
  const progress = await ledger.read()
  for (const lane of followedLanes(progress)) {
    const { published, listed } = await readFollowed(run, servers, lane)
    const missed = tablesOfLane(run, progress, lane).filter((table) => !(published.has(ledgerKey(table)) && listed.has(ledgerKey(table))))
    if (missed.length === 0) continue
    run.emit({ type: 'warning', warning: missedWarning(run, missed) })
    const own = new Set([...listed, ...missed.map(ledgerKey)])
    await withdraw(
      run,
      servers,
      [...published].flatMap(([key, table]) => (own.has(key) ? [] : [table])),
    )
    await resyncTables(run, servers, lane.lane, missed)
  }
  const dropped = droppedTables(run, progress)
  if (dropped.length > 0) run.emit({ type: 'warning', warning: droppedWarning(run, dropped) })
}

interface Followed {
  /** By `ledgerKey`. */
  readonly published: ReadonlyMap<string, OfPublication>
  /** What isn't listed by the subscription is published in vain. */
  readonly listed: ReadonlySet<string>
}

interface OfPublication extends RelationName {
  readonly publication: string
}

async function readFollowed(run: DatabaseRun, { source, target }: LaneServers, { lane, slot }: FollowedLane): Promise<Followed> {
  const subscriptions = (await readSubscriptions(target)).filter(({ database }) => database === run.database)
  const publications = await readPublications(source)
  const published = new Map<string, OfPublication>()
  for (const name of subscriptions.find((one) => one.name === subscriptionName(lane))?.publications ?? []) {
    if (publications.find((one) => one.name === name)?.mark?.slot !== slot) throw publicationGone(run, name)
    for (const table of await readPublishedTables(source, name)) published.set(ledgerKey(table), { ...table, publication: name })
  }
  return { published, listed: new Set((await readSubscribedTables(target, lane)).map(ledgerKey)) }
}

function tablesOfLane({ plan }: DatabaseRun, { copied }: LedgerState, { lane }: FollowedLane): TablePlan[] {
  return plan.tables.filter((table) => {
    const parts = copied.get(ledgerKey(table)) ?? []
    return table.publish !== null && parts.length > 0 && parts.every((part) => part.lane === lane)
  })
}

/** What a merge that was put off, or somebody else, has put into our publications: the subscription would take it in without its rows. */
async function withdraw({ signal }: DatabaseRun, { source }: LaneServers, tables: readonly OfPublication[]): Promise<void> {
  const statements = tables.flatMap((table) => dropTablesSql(table.publication, [table]) ?? [])
  if (statements.length > 0) await withoutWaiting(source, statements, signal)
}

/** Copied once, and not on the source any more. */
function droppedTables({ plan }: DatabaseRun, { copied }: LedgerState): RelationName[] {
  const there = new Set(plan.tables.map(ledgerKey))
  return [...copied.keys()].flatMap((key) => {
    const [schema, name] = tableKey.parse(JSON.parse(key))
    return there.has(key) ? [] : [{ schema, name }]
  })
}

function missedWarning({ database }: DatabaseRun, tables: readonly RelationName[]): Warning {
  return warning('table-not-replicated', `no publication of ours had ${names(tables)}: copied anew, and followed from now on`, {
    database,
    hint: 'Until they are ready, the target has less of them than the source.',
  })
}

function droppedWarning({ database }: DatabaseRun, tables: readonly RelationName[]): Warning {
  return warning('table-not-replicated', `not on the source any more: ${names(tables)}`, {
    database,
    hint: 'Definitions are not replicated: drop them on the target too, if they are not wanted there, or rename them as on the source.',
  })
}

function names(tables: readonly RelationName[]): string {
  return listing(tables.map(({ schema, name }) => spelled(schema, name)))
}

function publicationGone({ database }: DatabaseRun, name: string): ReplicatorError {
  return new ReplicatorError('not-prepared', `the publication ${name} is gone from the source, or is not the one that init made`, {
    database,
    hint: 'Its slot can not be read without it, and nobody knows what changed since. Run `cleanup`, then `init` with `drop-existing`.',
  })
}
