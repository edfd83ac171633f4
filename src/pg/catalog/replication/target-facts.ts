import { z } from 'zod'
import type { ObservedReplication } from '../../../plan/observed-replication.ts'
import type { Session } from '../../session.ts'

type TargetFacts = Pick<ObservedReplication['target'], 'origins' | 'backgroundWorkers' | 'mayCreateSubscriptions'>

/** Backends that take none of max_worker_processes, and those of parallel queries, which come and go. */
const noWorkers = [
  'client backend',
  'autovacuum launcher',
  'autovacuum worker',
  'background writer',
  'checkpointer',
  'startup',
  'walreceiver',
  'walsender',
  'walwriter',
  'walsummarizer',
  'archiver',
  'logger',
  'stats collector',
  'slotsync worker',
  'io worker',
  'parallel worker',
]

/**
 * Providers let members of these create subscriptions, on majors before 16 too. What kind of backend others' are, a plain role isn't told:
 * the launcher and a worker per subscription there are at least.
 */
export function readTargetFacts(session: Session): Promise<TargetFacts> {
  return session.one(
    z.object({ origins: z.number(), backgroundWorkers: z.number(), mayCreateSubscriptions: z.boolean() }),
    `select (select count(*)::pg_catalog.int4 from pg_catalog.pg_replication_origin) as "origins",
            (select greatest(
               (select count(*) from pg_catalog.pg_stat_activity a where a.backend_type <> all ($1)),
               (select count(*) + 1 from pg_catalog.pg_subscription s where s.subenabled)))::pg_catalog.int4 as "backgroundWorkers",
            exists (select from pg_catalog.pg_roles r where r.rolname = current_user and r.rolsuper)
            or exists (
              select
                from pg_catalog.pg_roles r
               where r.rolname in ('pg_create_subscription', 'rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin', 'neon_superuser')
                 and pg_catalog.pg_has_role(r.oid, 'usage')) as "mayCreateSubscriptions"`,
    [noWorkers],
  )
}
