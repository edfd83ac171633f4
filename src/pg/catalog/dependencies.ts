import { z } from 'zod'
import type { ScopeDependency } from '../../scope/scope-database.ts'
import type { Session } from '../session.ts'
import { catalogOid, dependentObject, namesOfNeeded } from './dependent-object.ts'
import { userSchemas } from './user-schemas.ts'

/**
 * What needs a relation, or its row type, and what needs that in turn: views through their rules, defaults, policies, triggers, functions, and
 * what is made of them. A relation's own parts go with it, and inheritance has a list of its own: they aren't here.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export async function readDependencies(session: Session): Promise<ScopeDependency[]> {
  return session.rows(
    row,
    `with recursive relation as materialized (
            select c.oid,
                   case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
                                  when 'f' then 'foreign table ' else 'table ' end
                     || pg_catalog.quote_ident(s.name) || '.' || pg_catalog.quote_ident(c.relname) as description
              from pg_catalog.pg_class c
              join (${userSchemas}) s on s.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'm', 'v', 'f', 'S')),
          edge(on_class, on_oid, class, oid, relation, tie) as (
            select null::pg_catalog.oid, null::pg_catalog.oid, ${catalogOid('pg_class')}, r.oid, r.oid, 'firm'
              from relation r
             union
            select needed.class, needed.oid, found.class, found.oid, found.relation, found.tie
              from edge needed
             cross join lateral (${namesOfNeeded}) name
              join pg_catalog.pg_depend d on d.refclassid = name.class and d.refobjid = name.oid
             cross join lateral (${dependentObject}) found
             where (needed.class <> ${catalogOid('pg_class')} or needed.on_oid is null)
               and (found.class, found.oid) is distinct from (needed.class, needed.oid)
               and not (needed.class = ${catalogOid('pg_class')} and found.relation is not distinct from needed.oid))
     select e.on_class::pg_catalog.regclass || '/' || e.on_oid as "on",
            coalesce(o.description, ${identified('e.on_class', 'e.on_oid')}) as "needs",
            e.class::pg_catalog.regclass::text as "catalog",
            e.class as "catalogOid",
            e.oid,
            e.relation,
            pg_catalog.regexp_replace(
              coalesce(r.description, ${identified('e.class', 'e.oid')}),
              '^table constraint ',
              case when e.tie = 'loose' then 'foreign key ' else 'constraint ' end) as "description",
            e.tie
       from edge e
       left join relation o on e.on_class = ${catalogOid('pg_class')} and o.oid = e.on_oid
       left join relation r on e.class = ${catalogOid('pg_class')} and r.oid = e.oid
      where e.on_oid is not null
        and (e.relation is null or e.relation in (select oid from relation))
        and not exists (
          select
            from pg_catalog.pg_depend d
           where d.classid = e.class
             and d.objid = e.oid
             and d.deptype = 'e')
      order by 1, 7`,
  )
}

const row = z.object({
  on: z.string(),
  needs: z.string(),
  catalog: z.string(),
  catalogOid: z.number(),
  oid: z.number(),
  relation: z.number().nullable(),
  description: z.string(),
  tie: z.enum(['owned', 'firm', 'loose']),
})

function identified(catalog: string, oid: string): string {
  return `(select i.type || ' ' || i.identity from pg_catalog.pg_identify_object(${catalog}, ${oid}, 0) i)`
}
