import { z } from 'zod'
import type { ForeignKeyDefinition } from '../../plan/definitions.ts'
import type { Session } from '../session.ts'

/** Foreign keys as their tables declare them; those that partitions inherit come with their parent's. */
export async function readForeignKeyDefinitions(session: Session): Promise<ForeignKeyDefinition[]> {
  return session.rows(
    row,
    `select con.oid,
            con.conname as name,
            n.nspname as schema,
            t.relname as table,
            t.oid as "tableOid",
            con.confrelid as "referencedOid",
            pg_catalog.json_build_object('schema', rn.nspname, 'name', r.relname) as referenced,
            t.relkind = 'p' as partitioned,
            pg_catalog.pg_get_constraintdef(con.oid) as definition,
            con.convalidated as validated,
            pg_catalog.obj_description(con.oid, 'pg_constraint') as comment
       from pg_catalog.pg_constraint con
       join pg_catalog.pg_class t on t.oid = con.conrelid
       join pg_catalog.pg_namespace n on n.oid = t.relnamespace
       join pg_catalog.pg_class r on r.oid = con.confrelid
       join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
      where con.contype = 'f'
        and con.conparentid = 0
        and n.nspname not in ('pg_catalog', 'information_schema', 'seren_replicator')
        and not exists (select from pg_catalog.pg_depend d
                         where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                           and d.objid = t.oid
                           and d.deptype = 'e')
      order by n.nspname, t.relname, con.conname`,
  )
}

const row = z.object({
  oid: z.number(),
  name: z.string(),
  schema: z.string(),
  table: z.string(),
  tableOid: z.number(),
  referencedOid: z.number(),
  referenced: z.object({ schema: z.string(), name: z.string() }),
  partitioned: z.boolean(),
  definition: z.string(),
  validated: z.boolean(),
  comment: z.string().nullable(),
})
