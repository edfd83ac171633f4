import { z } from 'zod'
import type { ObservedPublication } from '../../../plan/observed-replication.ts'
import { parseLaneComment } from '../../../sql/replication-mark.ts'
import type { Session } from '../../session.ts'

/** The database's publications whose names begin as ours do; `mark` tells whether they are. */
export async function readPublications(session: Session): Promise<ObservedPublication[]> {
  const rows = await session.rows(
    z.object({
      name: z.string(),
      comment: z.string().nullable(),
      inserts: z.boolean(),
      updates: z.boolean(),
      deletes: z.boolean(),
      truncates: z.boolean(),
      tables: z.array(z.object({ oid: z.number(), schema: z.string(), name: z.string() })),
    }),
    `select p.pubname::text as "name",
            pg_catalog.obj_description(p.oid, 'pg_publication') as "comment",
            p.pubinsert as "inserts",
            p.pubupdate as "updates",
            p.pubdelete as "deletes",
            p.pubtruncate as "truncates",
            coalesce((
              select pg_catalog.json_agg(pg_catalog.json_build_object('oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname) order by n.nspname, c.relname)
                from pg_catalog.pg_publication_rel r
                join pg_catalog.pg_class c on c.oid = r.prrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where r.prpubid = p.oid), '[]') as "tables"
       from pg_catalog.pg_publication p
      where p.pubname like 'seren\\_replication\\_%'
      order by p.pubname`,
  )
  return rows.map(({ comment, ...row }) => ({ ...row, mark: parseLaneComment(comment) }))
}
