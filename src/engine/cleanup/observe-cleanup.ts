import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { readForeignKeyDefinitions } from '../../pg/catalog/foreign-key-definitions.ts'
import { readIdentities, readOwnLedger } from '../../pg/catalog/replication/own-ledger.ts'
import { readOwnSchema } from '../../pg/catalog/replication/own-schema.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { readStandingObjects } from '../../pg/catalog/standing-objects.ts'
import { userSchemas } from '../../pg/catalog/user-schemas.ts'
import type { Session } from '../../pg/session.ts'
import type { ObservedCleanup, ObservedCleanupDatabase, OwnOnSource, OwnOnTarget, OwnSubscription } from '../../plan/observed-cleanup.ts'
import { mapAtMost } from '../observe/map-at-most.ts'
import { openObserver } from '../observe/open-observer.ts'
import { readSyncSlots } from '../replication/drop-subscription.ts'
import type { Reached } from './reach-servers.ts'

/** Databases that are read at once; each takes a session on either side. */
const atOnce = 4

/** Reads what bears our mark or our names, in the databases in scope of both servers. Changes nothing. */
export async function observeCleanup(config: Config, { source, target, names }: Reached, signal: AbortSignal): Promise<ObservedCleanup> {
  const databases = await mapAtMost(atOnce, names, async (name): Promise<ObservedCleanupDatabase> => {
    const onTarget = target?.databases.includes(name) ? await observeTarget(config, name, signal) : null
    const onSource = source?.databases.includes(name) ? await observeSource(config, name, onTarget, signal) : null
    return { name, source: onSource, target: onTarget }
  })
  return {
    source: source && { systemIdentifier: source.summary.systemIdentifier, slots: await readSlots(source.session) },
    target: target && { systemIdentifier: target.summary.systemIdentifier, subscriptions: await readSubscriptions(target.session) },
    databases,
  }
}

async function observeSource({ source }: Config, name: string, target: OwnOnTarget | null, signal: AbortSignal): Promise<OwnOnSource> {
  await using session = await openObserver(source, name, signal)
  const { oid } = await session.one(
    z.object({ oid: z.number() }),
    'select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()',
  )
  return {
    oid,
    publications: await readPublications(session),
    schema: await readOwnSchema(session),
    identities: await readIdentities(session, target?.ledger?.identities ?? []),
    foreignKeys: target?.ledger?.complete ? await readForeignKeyDefinitions(session) : [],
  }
}

async function observeTarget({ target }: Config, name: string, signal: AbortSignal): Promise<OwnOnTarget> {
  await using session = await openObserver(target, name, signal)
  const schema = await readOwnSchema(session)
  const ledger = await readOwnLedger(session, schema)
  const subscriptions: OwnSubscription[] = []
  for (const one of (await readSubscriptions(session)).filter(({ database }) => database === name)) {
    subscriptions.push({ ...one, syncSlots: await readSyncSlots(session, one.name), unreadyTables: await countUnready(session, one.oid) })
  }
  if (!ledger?.complete) return { subscriptions, schema, ledger, tables: new Set(), foreignKeys: new Map() }
  return {
    subscriptions,
    schema,
    ledger,
    tables: await readTables(session),
    foreignKeys: (await readStandingObjects(session)).constraints,
  }
}

async function countUnready(session: Session, subscription: number): Promise<number> {
  const { count } = await session.one(
    z.object({ count: z.number() }),
    `select count(*)::pg_catalog.int4 as count from pg_catalog.pg_subscription_rel where srsubid = $1 and srsubstate not in ('r', 's')`,
    [subscription],
  )
  return count
}

async function readTables(session: Session): Promise<Set<string>> {
  const rows = await session.rows(
    z.object({ schema: z.string(), name: z.string() }),
    `select s.name as schema, c.relname::text as name
       from pg_catalog.pg_class c
       join (${userSchemas}) s on s.oid = c.relnamespace
      where c.relkind in ('r', 'p')`,
  )
  return new Set(rows.map(({ schema, name }) => JSON.stringify([schema, name])))
}
