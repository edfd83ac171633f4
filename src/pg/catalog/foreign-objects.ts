import { z } from 'zod'
import type { ObservedTargetContent } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { isExtensionMember } from './extension-member.ts'
import { userSchemas } from './user-schemas.ts'

const shown = 20

/**
 * What a restore would collide with: relations, routines, types and large objects that neither the system nor an extension nor our ledger
 * brought. Row types and arrays go with what they belong to.
 */
export async function readForeignObjects(session: Session): Promise<Pick<ObservedTargetContent, 'foreignObjects' | 'foreignObjectCount'>> {
  const rows = await session.rows(
    z.object({ object: z.string(), count: z.bigint() }),
    `with user_schema as (${userSchemas}),
          object as (
            select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                                  when 'f' then 'foreign table' else 'table' end as kind,
                   s.name as schema,
                   c.relname::text as name
              from pg_catalog.pg_class c
              join user_schema s on s.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'm', 'v', 'f', 'S')
               and not ${isExtensionMember('pg_class', 'c.oid')}
             union all
            select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, s.name, p.proname::text
              from pg_catalog.pg_proc p
              join user_schema s on s.oid = p.pronamespace
             where not ${isExtensionMember('pg_proc', 'p.oid')}
               and not exists (
                     select
                       from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'i')
             union all
            select 'type', s.name, t.typname::text
              from pg_catalog.pg_type t
              join user_schema s on s.oid = t.typnamespace
              left join pg_catalog.pg_class c on c.oid = t.typrelid
             where (t.typrelid = 0 or c.relkind = 'c')
               and not ${isExtensionMember('pg_type', 't.oid')}
               and not exists (
                     select
                       from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'i' and t.typrelid = 0)
             union all
            select 'large object', null, l.oid::text
              from pg_catalog.pg_largeobject_metadata l)
     select kind || ' ' || coalesce(pg_catalog.quote_ident(schema) || '.', '') || pg_catalog.quote_ident(name) as object,
            count(*) over () as count
       from object
      order by kind <> 'table', kind, schema, name
      limit ${shown}`,
  )
  return { foreignObjects: rows.map(({ object }) => object), foreignObjectCount: Number(rows[0]?.count ?? 0n) }
}
