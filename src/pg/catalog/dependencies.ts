import { z } from 'zod'
import type { ObservedDependency } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

/**
 * What needs a relation, or its row type: views through their rules, defaults, policies, functions, columns of that type. Foreign
 * keys, inheritance, indexes and the like aren't here.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export async function readDependencies(session: Session): Promise<ObservedDependency[]> {
  return session.rows(
    z.object({ on: z.number(), dependent: z.number().nullable(), description: z.string(), owned: z.boolean() }),
    `with relation as (
            select c.oid, c.reltype, c.relkind, s.name as schema, c.relname
              from pg_catalog.pg_class c
              join (${userSchemas}) s on s.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'm', 'v', 'f', 'S', 'c')),
          needed as (
            select oid as on, 'pg_catalog.pg_class'::pg_catalog.regclass::oid as class, oid as object
              from relation
             where relkind <> 'c'
             union all
            select oid, 'pg_catalog.pg_type'::pg_catalog.regclass::oid, reltype
              from relation
             where relkind in ('r', 'p', 'm', 'v', 'f')
             union all
            select r.oid, 'pg_catalog.pg_type'::pg_catalog.regclass::oid, t.typarray
              from relation r
              join pg_catalog.pg_type t on t.oid = r.reltype
             where r.relkind in ('r', 'p', 'm', 'v', 'f')
               and t.typarray <> 0),
          edge as (
            select n.on,
                   d.classid,
                   d.objid,
                   n.class = 'pg_catalog.pg_type'::pg_catalog.regclass as of_type,
                   d.deptype in ('a', 'i') as owned,
                   case d.classid
                     when 'pg_catalog.pg_class'::pg_catalog.regclass then d.objid
                     when 'pg_catalog.pg_rewrite'::pg_catalog.regclass then (select w.ev_class from pg_catalog.pg_rewrite w where w.oid = d.objid)
                     when 'pg_catalog.pg_attrdef'::pg_catalog.regclass then (select a.adrelid from pg_catalog.pg_attrdef a where a.oid = d.objid)
                     when 'pg_catalog.pg_policy'::pg_catalog.regclass then (select p.polrelid from pg_catalog.pg_policy p where p.oid = d.objid)
                   end as dependent
              from needed n
              join pg_catalog.pg_depend d on d.refclassid = n.class and d.refobjid = n.object
             where d.classid in ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_rewrite'::pg_catalog.regclass,
                                 'pg_catalog.pg_attrdef'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
                                 'pg_catalog.pg_proc'::pg_catalog.regclass))
     select distinct e.on,
            e.dependent,
            case when r.oid is null then pg_catalog.pg_describe_object(e.classid, e.objid, 0)
                 else case r.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
                                     when 'f' then 'foreign table ' when 'c' then 'type ' else 'table ' end
                      || pg_catalog.quote_ident(r.schema) || '.' || pg_catalog.quote_ident(r.relname) end as description,
            r.relkind is not distinct from 'S' as owned
       from edge e
       left join relation r on r.oid = e.dependent
      where e.dependent is distinct from e.on
        and case e.classid
              when 'pg_catalog.pg_class'::pg_catalog.regclass then e.of_type and r.oid is not null or r.relkind = 'S' and e.owned
              when 'pg_catalog.pg_proc'::pg_catalog.regclass then true
              else r.oid is not null
            end
      order by 1, 3`,
  )
}
