import { ReplicatorError } from '../../errors.ts'
import { readForeignKeysAround } from '../../pg/catalog/foreign-keys-around.ts'
import type { Session } from '../../pg/session.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { emptySql } from '../../sql/copy.ts'
import { dropForeignKeySql } from '../../sql/foreign-key.ts'
import { qualified } from '../../sql/identifier.ts'
import { forgetResyncSql, noteResyncSql } from '../../sql/ledger-notes.ts'
import { addTablesSql } from '../../sql/publication.ts'
import { publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { refreshSql } from '../../sql/subscription.ts'
import type { DatabaseRun } from '../database-run.ts'
import { ledgerKey } from '../ledger.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { among, kinds, type LaneContent, readLaneContent, refuseStrangers } from './lane-content.ts'
import type { LaneServers } from './lane-servers.ts'
import { noteIdentities } from './note-identities.ts'
import { withdrawTables } from './withdraw-tables.ts'
import { withoutWaiting } from './without-waiting.ts'

/**
 * Has the target server itself copy tables anew whose changes may have been missed, and then follow them. Whatever kills it, the same call begins
 * again with those that aren't under way yet. Foreign keys around them go: a TRUNCATE that comes in meanwhile would be refused for ever, since
 * some of its tables take it, and others don't yet.
 * https://www.postgresql.org/docs/current/logical-replication-architecture.html#LOGICAL-REPLICATION-SNAPSHOT
 */
export async function resyncTables(run: DatabaseRun, servers: LaneServers, lane: number, tables: readonly TablePlan[]): Promise<void> {
  const { source, target } = servers
  const { signal } = run
  const subscription = subscriptionName(lane)
  const content = await readLaneContent(servers, lane)
  refuseStrangers(content, tables)
  const missed = tables.filter((table) => !isCopying(content, table))
  if (missed.length === 0) return
  refuseUnfiltered(run, servers, missed)
  await target.run(noteResyncSql(lane, missed))
  await withdrawTables(servers, lane, content, missed, signal)
  await empty(target, missed, signal)
  await noteIdentities(servers, missed)
  for (const table of missed) await withoutWaiting(source, publishSql(lane, table), signal)
  await target.run(refreshSql(subscription, true))
  await target.run(forgetResyncSql(missed))
}

/** Published and not ready yet: nothing that it owes can have been missed. */
function isCopying({ published, listed }: LaneContent, table: TablePlan): boolean {
  const state = listed.get(ledgerKey(table))
  const isPublished = kinds.some((kind) => among([table], published[kind]).length > 0)
  return isPublished && state !== undefined && state !== 'r' && state !== 's'
}

/** The server's own synchronisation heeds row filters from 15 on. */
export function refuseUnfiltered({ database }: DatabaseRun, { target }: LaneServers, tables: readonly TablePlan[]): void {
  const filtered = tables.filter(({ predicate }) => predicate !== null)
  if (filtered.length === 0 || target.versionNumber >= 150_000) return
  throw new ReplicatorError(
    'feature-unsupported',
    `the target can't copy the filtered rows of ${filtered.map((table) => qualified(table)).join(', ')} by itself: that came with PostgreSQL 15`,
    { database, hint: 'Run `cleanup`, then `init` with `drop-existing`: it copies filtered rows itself.' },
  )
}

async function empty(target: Session, tables: readonly TablePlan[], signal: AbortSignal): Promise<void> {
  const keys = await readForeignKeysAround(target, tables)
  const statements = [...keys.map(dropForeignKeySql), ...tables.map(emptySql)]
  await withoutWaiting(target, statements, signal, (sql) => runWhileOurs(target, sql))
}

/**
 * Without the lock, up to 12 and in others' older minors, what transactions write that had begun before is lost without a word. One table at a time:
 * who holds one and waits for the next could be in the application's way.
 */
function publishSql(lane: number, table: TablePlan): string[] {
  const only = table.kind === 'partitioned' ? '' : 'only '
  return [
    ...(table.setIdentityFull ? [`alter table only ${qualified(table)} replica identity full`] : []),
    `lock table ${only}${qualified(table)} in share row exclusive mode`,
    ...kinds.flatMap((kind) => (table.publish === kind ? (addTablesSql(publicationName(kind, lane), [table]) ?? []) : [])),
  ]
}
