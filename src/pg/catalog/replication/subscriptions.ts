import { z } from 'zod'
import type { ObservedSubscription } from '../../../plan/observed-replication.ts'
import { parseLaneComment } from '../../../sql/replication-mark.ts'
import type { Session } from '../../session.ts'

/**
 * All subscriptions of the server, of whatever database. Their comments, and so our marks, are kept in their own database: for those of others
 * there's none. https://www.postgresql.org/docs/current/catalog-pg-subscription.html
 */
export async function readSubscriptions(session: Session): Promise<ObservedSubscription[]> {
  const { readable } = await session.one(
    z.object({ readable: z.boolean() }),
    "select pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'oid', 'select') as readable",
  )
  const rows = await session.rows(
    z.object({
      oid: z.number(),
      database: z.string(),
      name: z.string(),
      comment: z.string().nullable(),
      enabled: z.boolean(),
      slot: z.string().nullable(),
      publications: z.array(z.string()),
    }),
    `select i.oid,
            d.datname::text as "database",
            s.subname::text as "name",
            case when d.datname = pg_catalog.current_database() then pg_catalog.obj_description(i.oid, 'pg_subscription') end as "comment",
            s.subenabled as "enabled",
            s.subslotname::text as "slot",
            s.subpublications as "publications"
       from pg_catalog.pg_subscription s
       join pg_catalog.pg_database d on d.oid = s.subdbid
      cross join lateral (${readable ? 'select s.oid' : describedOid}) i
      order by d.datname, s.subname`,
  )
  return rows.map(({ comment, ...row }) => ({ ...row, mark: parseLaneComment(comment) }))
}

/** Before 14 a plain role may not read the oid: then it's known of those that have a comment here. */
const describedOid = `
        select coalesce(max(c.objoid::pg_catalog.int8), 0)::pg_catalog.oid as oid
          from pg_catalog.pg_stat_subscription v
          join pg_catalog.pg_description c on c.classoid = 'pg_catalog.pg_subscription'::pg_catalog.regclass and c.objoid = v.subid
         where v.subname = s.subname and d.datname = pg_catalog.current_database()`
