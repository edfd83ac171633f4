import { z } from 'zod'
import type { IndexDefinition } from '../../plan/definitions.ts'
import type { Session } from '../session.ts'

/**
 * Indexes and the constraints that they carry, of ordinary tables and materialized views, valid ones alone (as pg_dump does).
 * Those of partitioned tables hold no rows and come with pg_dump's own statements.
 */
export async function readIndexDefinitions(session: Session): Promise<IndexDefinition[]> {
  const temporal = session.versionNumber >= 180000 ? 'con.conperiod' : 'false'
  return session.rows(
    row,
    `select c.oid,
            i.indrelid as "tableOid",
            c.relname as name,
            pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
            ts.spcname as tablespace,
            i.indisreplident as "replicaIdentity",
            i.indisclustered as clustered,
            coalesce((select json_agg(json_build_object('column', a.attnum, 'target', a.attstattarget))
                        from pg_catalog.pg_attribute a
                       where a.attrelid = i.indexrelid and a.attstattarget >= 0), '[]') as statistics,
            coalesce((select json_agg(e.extname)
                        from pg_catalog.pg_depend d
                        join pg_catalog.pg_extension e on e.oid = d.refobjid
                       where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                         and d.objid = i.indexrelid
                         and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                         and d.deptype = 'x'), '[]') as "dependsOnExtensions",
            case when con.oid is not null then json_build_object(
              'oid', con.oid::int8,
              'name', con.conname,
              'kind', con.contype,
              'definition', pg_catalog.pg_get_constraintdef(con.oid),
              'deferrable', con.condeferrable,
              'initiallyDeferred', con.condeferred,
              'temporal', ${temporal}) end as constraint
       from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_class t on t.oid = i.indrelid
       join pg_catalog.pg_namespace n on n.oid = t.relnamespace
       left join pg_catalog.pg_tablespace ts on ts.oid = c.reltablespace
       left join pg_catalog.pg_constraint con
              on con.conindid = i.indexrelid and con.conrelid = i.indrelid and con.contype in ('p', 'u', 'x')
      where t.relkind in ('r', 'm')
        and i.indisvalid
        and i.indisready
        and t.relpersistence <> 't'
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'seren_replicator')
        and not exists (select from pg_catalog.pg_depend d
                         where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                           and d.objid = t.oid
                           and d.deptype = 'e')
      order by i.indrelid, c.relname`,
  )
}

const row = z.object({
  oid: z.number(),
  tableOid: z.number(),
  name: z.string(),
  definition: z.string(),
  tablespace: z.string().nullable(),
  replicaIdentity: z.boolean(),
  clustered: z.boolean(),
  statistics: z.array(z.object({ column: z.number(), target: z.number() })),
  dependsOnExtensions: z.array(z.string()),
  constraint: z
    .object({
      oid: z.number(),
      name: z.string(),
      kind: z.enum(['p', 'u', 'x']),
      definition: z.string(),
      deferrable: z.boolean(),
      initiallyDeferred: z.boolean(),
      temporal: z.boolean(),
    })
    .nullable(),
})
