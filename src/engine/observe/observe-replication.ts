import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSourceFacts } from '../../pg/catalog/replication/source-facts.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { readTargetFacts } from '../../pg/catalog/replication/target-facts.ts'
import { readWalPosition } from '../../pg/catalog/replication/wal-position.ts'
import { tryReplicationConnection } from '../../pg/replication-session.ts'
import type { Session } from '../../pg/session.ts'
import type { Observed } from '../../plan/observed.ts'
import type { ObservedReplication, ObservedReplicationDatabase, ObservedSubscription } from '../../plan/observed-replication.ts'
import { ownMark } from '../../sql/own-schema.ts'
import { observeReach } from './observe-reach.ts'
import { observeRowFilters } from './observe-row-filters.ts'
import { openObserver } from './open-observer.ts'
import type { Servers } from './open-servers.ts'

/** What replication needs to know of both servers beyond what a copy does. */
export async function observeReplication(
  config: Config,
  observed: Observed,
  { source, target }: Servers,
  signal: AbortSignal,
): Promise<ObservedReplication> {
  const rate = watchWal(source, signal)
  // It fails only once it's awaited.
  rate.catch(() => undefined)
  const names = observed.databases.filter(({ catalog }) => catalog !== null).map((pair) => pair.source.name)
  const refusal = await tryReplicationConnection(config.source, names[0] ?? config.source.database)
  const reach = await observeReach(config, observed, names, target, signal)
  const rowFilters = await observeRowFilters(config, observed, signal)
  const databases = new Map<string, ObservedReplicationDatabase>()
  for (const name of names) {
    databases.set(name, {
      ...(await observeDatabase(config, name, signal)),
      rowFilters: rowFilters.get(name) ?? new Map(),
      probe: reach.get(name),
    })
  }
  return {
    source: { ...(await readSourceFacts(source)), slots: await readSlots(source), walBytesPerSecond: await rate, refusal },
    target: { ...(await readTargetFacts(target)), subscriptions: await observeSubscriptions(config, observed, target, signal) },
    databases,
  }
}

/** A look into each database that there is: what's ours can only be told inside. */
async function observeSubscriptions(
  config: Config,
  { databases }: Observed,
  target: Session,
  signal: AbortSignal,
): Promise<ObservedSubscription[]> {
  const all = await readSubscriptions(target)
  const marked: ObservedSubscription[] = []
  const readable = databases.filter((pair) => pair.target?.content)
  for (const { source } of readable.filter(({ source }) => all.some(({ database }) => database === source.name))) {
    await using session = await openObserver(config.target, source.name, signal)
    marked.push(...(await readSubscriptions(session)).filter(({ database }) => database === source.name))
  }
  return [...all.filter(({ database }) => !marked.some((one) => one.database === database)), ...marked]
}

/** Milliseconds. */
const sample = 1000

/** Bytes of WAL per second, from two looks while the rest is read. */
async function watchWal(source: Session, signal: AbortSignal): Promise<number | null> {
  const before = await readWalPosition(source)
  if (before === null) return null
  await delay(sample, undefined, { signal })
  const after = await readWalPosition(source)
  return after === null ? null : Number(after.position - before.position) / (after.at - before.at)
}

type DatabaseFacts = Pick<ObservedReplicationDatabase, 'canCreate' | 'sourceSchema' | 'publications'>

async function observeDatabase(config: Config, name: string, signal: AbortSignal): Promise<DatabaseFacts> {
  await using session = await openObserver(config.source, name, signal)
  const facts = await session.one(
    z.object({ canCreate: z.boolean(), sourceSchema: z.enum(['absent', 'ours', 'foreign']) }),
    `select pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') as "canCreate",
            coalesce((
              select case when pg_catalog.obj_description(n.oid, 'pg_namespace') like $1
                           and pg_catalog.pg_has_role(n.nspowner, 'usage')
                           -- With a ledger in it it's the target of another replication, whose marker has the same name.
                           and not exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relname = 'ledger') then 'ours' else 'foreign' end
                from pg_catalog.pg_namespace n
               where n.nspname = 'seren_replicator'), 'absent') as "sourceSchema"`,
    [`${ownMark}%`],
  )
  return { ...facts, publications: await readPublications(session) }
}
