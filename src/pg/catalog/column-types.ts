import { z } from 'zod'
import type { CatalogType } from '../../plan/column-transfer.ts'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

/**
 * The types of all columns, down to elements, fields, base types and subtypes. `rngmultitypid` exists from 14 on, so it's read by key.
 * https://www.postgresql.org/docs/current/catalog-pg-type.html
 */
export async function readColumnTypes(session: Session): Promise<ReadonlyMap<number, CatalogType>> {
  const rows = await session.rows(
    typeRow,
    `with recursive used(oid) as (
            select a.atttypid
              from pg_catalog.pg_attribute a
              join pg_catalog.pg_class c on c.oid = a.attrelid
              join (${userSchemas}) s on s.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'm', 'f')
               and a.attnum > 0
               and not a.attisdropped
             union
            select component.oid
              from used
              join part component on component.whole = used.oid),
          part(whole, oid) as (
            select oid, typelem from pg_catalog.pg_type where typelem <> 0 and typcategory = 'A'
             union all
            select oid, typbasetype from pg_catalog.pg_type where typbasetype <> 0
             union all
            select t.oid, a.atttypid
              from pg_catalog.pg_type t
              join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
             where t.typtype = 'c'
               and a.attnum > 0
               and not a.attisdropped
             union all
            select rngtypid, rngsubtype from pg_catalog.pg_range
             union all
            select (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid, rngtypid from pg_catalog.pg_range r)
     select t.oid,
            t.typname::text as "name",
            t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace and t.oid < 10000 as "builtIn",
            t.typtype::text as "kind",
            t.typcategory = 'A' and t.typelem <> 0 as "isArray",
            t.typsend::oid <> 0 and t.typreceive::oid <> 0 as "travelsBinary",
            coalesce((select array_agg(p.oid) from part p where p.whole = t.oid), '{}') as "components",
            (select e.extname::text
               from pg_catalog.pg_depend d
               join pg_catalog.pg_extension e on e.oid = d.refobjid
              where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                and d.objid = t.oid
                and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                and d.deptype = 'e') as "extension"
       from used u
       join pg_catalog.pg_type t on t.oid = u.oid`,
  )
  return new Map(rows.map((row) => [row.oid, row]))
}

const typeRow = z.object({
  oid: z.number(),
  name: z.string(),
  builtIn: z.boolean(),
  kind: z.enum(['b', 'c', 'd', 'e', 'm', 'p', 'r']),
  isArray: z.boolean(),
  travelsBinary: z.boolean(),
  components: z.array(z.number()),
  extension: z.string().nullable(),
})
