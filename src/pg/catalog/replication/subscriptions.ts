import { z } from 'zod'
import type { ObservedSubscription } from '../../../plan/observed-replication.ts'
import { parseLaneComment } from '../../../sql/replication-mark.ts'
import type { Session } from '../../session.ts'

/** All subscriptions of the server, of whatever database. https://www.postgresql.org/docs/current/catalog-pg-subscription.html */
export async function readSubscriptions(session: Session): Promise<ObservedSubscription[]> {
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
    `select s.oid,
            d.datname::text as "database",
            s.subname::text as "name",
            coalesce(pg_catalog.shobj_description(s.oid, 'pg_subscription'), pg_catalog.obj_description(s.oid, 'pg_subscription')) as "comment",
            s.subenabled as "enabled",
            s.subslotname::text as "slot",
            s.subpublications as "publications"
       from pg_catalog.pg_subscription s
       join pg_catalog.pg_database d on d.oid = s.subdbid
      order by d.datname, s.subname`,
  )
  return rows.map(({ comment, ...row }) => ({ ...row, mark: parseLaneComment(comment) }))
}
