import { z } from 'zod'
import type { Session } from '../session.ts'

export type MaterializedView = z.infer<typeof viewRow>

/**
 * With the other materialized views that each one reads, through views and functions too, as far as pg_depend shows: it knows what a
 * function reads only if its body is SQL-standard (14+).
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export async function readMaterializedViews(session: Session): Promise<readonly MaterializedView[]> {
  return session.rows(
    viewRow,
    `with recursive edge as materialized (
       select 'pg_catalog.pg_class'::pg_catalog.regclass::oid as classid, r.ev_class as objid, d.refclassid, d.refobjid
         from pg_catalog.pg_rewrite r
         join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
        where d.refobjid <> r.ev_class
       union all
       select d.classid, d.objid, d.refclassid, d.refobjid
         from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
     ),
     reading as (
       select c.oid as view, 'pg_catalog.pg_class'::pg_catalog.regclass::oid as classid, c.oid as objid
         from pg_catalog.pg_class c
        where c.relkind = 'm'
       union
       select reading.view, edge.refclassid, edge.refobjid
         from reading
         join edge on edge.classid = reading.classid and edge.objid = reading.objid
        where edge.refclassid in ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
     )
     select c.oid,
            n.nspname::text as "schema",
            c.relname::text as "name",
            c.relispopulated as "populated",
            array(select m.oid::int8
                    from reading
                    join pg_catalog.pg_class m on m.oid = reading.objid
                   where reading.view = c.oid
                     and reading.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                     and m.relkind = 'm'
                     and m.oid <> c.oid) as "reads"
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'm'
      order by c.oid`,
  )
}

const viewRow = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  populated: z.boolean(),
  reads: z.array(z.coerce.number()),
})
