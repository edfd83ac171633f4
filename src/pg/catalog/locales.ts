import { z } from 'zod'
import type { Session } from '../session.ts'

/**
 * The name of the column for ICU locales changed twice (collcollate, 15 colliculocale, 17 colllocale), so the row is read by key.
 * https://www.postgresql.org/docs/current/catalog-pg-collation.html
 */
export async function readLocales(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select distinct l.name
       from pg_catalog.pg_collation c
      cross join pg_catalog.to_jsonb(c) j
      cross join lateral (values (j ->> 'collname'), (j ->> 'collcollate'), (j ->> 'colllocale'), (j ->> 'colliculocale')) l(name)
      where c.collprovider <> 'd'
        and c.collnamespace = 'pg_catalog'::pg_catalog.regnamespace
        and l.name <> ''
      order by l.name`,
  )
  return rows.map(({ name }) => name)
}
