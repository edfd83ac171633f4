import { z } from 'zod'
import type { ObservedColumn } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

/** A column before its type was judged. */
export type CatalogColumn = Omit<ObservedColumn, 'transfer'> & { readonly typeOid: number }

/** The columns of every relation that can hold rows, by its oid. */
export async function readColumns(session: Session): Promise<ReadonlyMap<number, readonly CatalogColumn[]>> {
  const rows = await session.rows(
    z.object({ oid: z.number(), columns: z.array(columnItem) }),
    `select a.attrelid as "oid",
            pg_catalog.json_agg(pg_catalog.json_build_array(
              a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid::bigint,
              a.attnotnull, a.attgenerated, a.attidentity) order by a.attnum) as "columns"
       from pg_catalog.pg_attribute a
       join pg_catalog.pg_class c on c.oid = a.attrelid
       join (${userSchemas}) s on s.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm', 'f')
        and a.attnum > 0
        and not a.attisdropped
      group by a.attrelid`,
  )
  return new Map(rows.map(({ oid, columns }) => [oid, columns]))
}

const columnItem = z
  .tuple([z.string(), z.string(), z.number(), z.boolean(), z.enum(['', 's', 'v']), z.enum(['', 'a', 'd'])])
  .transform(([name, type, typeOid, notNull, generated, identity]) => ({ name, type, typeOid, notNull, generated, identity }))
