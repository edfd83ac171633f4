import { z } from 'zod'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

const shape = z.object({ schema: z.string(), name: z.string(), shape: z.string() })

/** Every table with what a DROP … CASCADE elsewhere could take from it and its rows: columns, defaults, CHECK constraints. */
export function readTableShapes(session: Session): Promise<z.infer<typeof shape>[]> {
  return session.rows(
    shape,
    `select s.name as schema,
            c.relname::text as name,
            pg_catalog.concat_ws(' ',
              (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || case when a.atthasdef then '=' else '' end, ',' order by a.attnum)
                 from pg_catalog.pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
              (select count(*) from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'c')) as shape
       from pg_catalog.pg_class c
       join (${userSchemas}) s on s.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'f')`,
  )
}
