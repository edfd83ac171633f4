import { z } from 'zod'
import type { ObservedReplication } from '../../../plan/observed-replication.ts'
import type { Session } from '../../session.ts'

/**
 * Of others' senders a plain role sees the rows of pg_stat_replication, if nothing in them. Membership in a provider's role stands for the
 * attribute there; whether it does, the attempt tells.
 */
export function readSourceFacts(session: Session): Promise<Pick<ObservedReplication['source'], 'walSenders' | 'mayReplicate'>> {
  return session.one(
    z.object({ walSenders: z.number(), mayReplicate: z.boolean() }),
    `select (select count(*)::pg_catalog.int4 from pg_catalog.pg_stat_replication) as "walSenders",
            exists (select from pg_catalog.pg_roles r where r.rolname = current_user and (r.rolsuper or r.rolreplication))
            or exists (
              select
                from pg_catalog.pg_roles r
               where r.rolname in ('rds_replication', 'neon_superuser')
                 and pg_catalog.pg_has_role(r.oid, 'usage')) as "mayReplicate"`,
  )
}
