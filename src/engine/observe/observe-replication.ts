import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import type { ObservedPair } from '../../plan/observed.ts'
import type { ObservedReplication, ObservedReplicationDatabase } from '../../plan/observed-replication.ts'
import { ownMark } from '../../sql/own-schema.ts'
import { openObserver } from './open-observer.ts'
import type { Servers } from './open-servers.ts'

/** What replication needs to know of both servers beyond what a copy does. */
export async function observeReplication(
  config: Config,
  pairs: readonly ObservedPair[],
  { source, target }: Servers,
  signal: AbortSignal,
): Promise<ObservedReplication> {
  const databases = new Map<string, ObservedReplicationDatabase>()
  for (const { source: database, catalog } of pairs) {
    if (catalog !== null) databases.set(database.name, await observeDatabase(config, database.name, signal))
  }
  return {
    source: { slots: await readSlots(source), walSenders: 0, walBytesPerSecond: null, mayReplicate: true, refusal: null },
    target: { subscriptions: await readSubscriptions(target), origins: 0, mayCreateSubscriptions: true },
    databases,
  }
}

async function observeDatabase(config: Config, name: string, signal: AbortSignal): Promise<ObservedReplicationDatabase> {
  await using session = await openObserver(config.source, name, signal)
  const privileges = await session.one(
    z.object({ canCreate: z.boolean(), sourceSchema: z.enum(['absent', 'ours', 'foreign']) }),
    `select pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') as "canCreate",
            coalesce((
              select case when pg_catalog.obj_description(n.oid, 'pg_namespace') like $1 and pg_catalog.pg_has_role(n.nspowner, 'usage') then 'ours' else 'foreign' end
                from pg_catalog.pg_namespace n
               where n.nspname = 'seren_replicator'), 'absent') as "sourceSchema"`,
    [`${ownMark}%`],
  )
  return { ...privileges, publications: await readPublications(session), rowFilters: new Map(), probe: undefined }
}
