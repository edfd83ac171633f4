import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import type { Session } from '../../pg/session.ts'
import { createEmptyHeartbeatSql, createHeartbeatSql } from '../../sql/heartbeat.ts'
import { noteSubscribedSql } from '../../sql/ledger.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { laneComment } from '../../sql/replication-mark.ts'
import { heartbeatName, publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { commentSubscriptionSql, createSubscriptionSql } from '../../sql/subscription.ts'
import { subscriptionConninfo } from '../../sql/subscription-conninfo.ts'
import type { DatabaseRun } from '../database-run.ts'
import { withoutStatementLog } from '../roles/without-statement-log.ts'
import type { LaneServers } from './lane-servers.ts'
import { lendToSubscription } from './lend-to-subscription.ts'

interface SubscribedLane {
  readonly lane: number
  readonly slot: string
  /** The target server copies the rows by itself. */
  readonly tableSync?: boolean
  /** To be committed with it, or not at all. */
  readonly alongside?: readonly string[]
}

/** Whether the lane has its subscription on the target. One of that name without our mark isn't taken for it. */
export async function isSubscribed(target: Session, lane: number): Promise<boolean> {
  const found = (await readSubscriptions(target)).find((one) => one.database === target.database && one.name === subscriptionName(lane))
  if (found !== undefined && found.mark === null) throw notOurs(target, lane)
  return found !== undefined
}

/**
 * The lane's subscription, on a slot that is there and tables that have their rows: nothing is copied, nothing is lost. Subscription, mark and what
 * the ledger knows of it come in one transaction. Its statement holds the source's password.
 */
export async function subscribe(
  run: DatabaseRun,
  { source, target }: LaneServers,
  { lane, slot, tableSync = false, alongside = [] }: SubscribedLane,
): Promise<void> {
  const { database, plan, subscribing } = run
  const { replication } = plan
  if (replication === null) throw new ReplicatorError('internal', 'a lane without replication can not be subscribed')
  await lendToSubscription(run, target)
  const name = subscriptionName(lane)
  const conninfo = subscriptionConninfo({ source: run.source, database, ...subscribing, targetVersion: target.versionNumber })
  const { publications, heartbeat } = await readPublished(source, { lane, slot })
  const create = createSubscriptionSql({ name, conninfo, publications, slot, tableSync, failover: replication.failover })
  const comment = commentSubscriptionSql(name, laneComment({ lane, slot, peer: run.sourceSystemIdentifier, database }))
  const statements = [create, comment, noteSubscribedSql(lane), ...alongside]
  if (heartbeat) await target.run(tableSync ? createEmptyHeartbeatSql(lane) : createHeartbeatSql(lane))
  try {
    await withoutStatementLog(target, subscribing.superuser, () => inTransaction(target, statements))
  } catch (error) {
    throw refused(error, database)
  }
}

async function inTransaction(target: Session, statements: readonly string[]): Promise<void> {
  try {
    await target.run(`begin;\n${statements.join(';\n')};\ncommit`)
  } catch (error) {
    if (target.alive) await target.run('rollback')
    throw error
  }
}

/** What the lane has on the source, which an earlier run made: it needn't be what the plan would make of it now. */
async function readPublished(source: Session, { lane, slot }: SubscribedLane) {
  const own = (await readPublications(source)).filter(({ mark }) => mark?.lane === lane && mark.slot === slot)
  if (own.some(({ name }) => name === publicationName('changes', lane))) {
    const heartbeat = own.some(({ tables }) => tables.some((one) => one.schema === ownSchema && one.name === heartbeatName(lane)))
    return { publications: own.map(({ name }) => name), heartbeat }
  }
  throw new ReplicatorError('not-prepared', `the publication ${publicationName('changes', lane)} is gone from the source`, {
    database: source.database,
    hint: 'Its slot can not be read without it, and nobody knows what changed since. Run `cleanup`, then `init` with `drop-existing`.',
  })
}

/** Of the subscription's worker; the statement isn't repeated, since it holds the password. */
function refused(error: unknown, database: string): unknown {
  if (!(error instanceof ReplicatorError) || error.server === undefined || !error.server.sqlstate.startsWith('08')) return error
  return new ReplicatorError('publisher-unreachable', `the target server could not reach the source: ${error.message}`, {
    database,
    cause: error,
    server: error.server,
    hint: 'The target server itself dials the source: `source-from-target` names host and port as it must. Firewall, pg_hba.conf and TLS must let it in.',
  })
}

function notOurs(target: Session, lane: number): ReplicatorError {
  return new ReplicatorError('replication-conflict', `a subscription ${subscriptionName(lane)} is there that this tool didn't make`, {
    database: target.database,
    hint: 'Drop or rename it, if it is not needed.',
  })
}

/** The state of each table of a subscription, by `schema` and `name`. https://www.postgresql.org/docs/current/catalog-pg-subscription-rel.html */
export function readSubscribedTables(target: Session, lane: number): Promise<{ schema: string; name: string; state: string }[]> {
  return target.rows(
    z.object({ schema: z.string(), name: z.string(), state: z.string() }),
    `select n.nspname::text as schema,
            c.relname::text as name,
            r.srsubstate::text as state
       from pg_catalog.pg_subscription_rel r
       join pg_catalog.pg_subscription s on s.oid = r.srsubid
       join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
       join pg_catalog.pg_class c on c.oid = r.srrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where s.subname = $1
      order by n.nspname, c.relname`,
    [subscriptionName(lane)],
  )
}
