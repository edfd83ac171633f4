import { z } from 'zod'
import type { Session } from '../session.ts'

/** Tablespaces that objects of this database stand in; 0 in pg_class is the database's own. */
export async function readUsedTablespaces(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select distinct t.spcname::text as name
       from pg_catalog.pg_class c
       join pg_catalog.pg_tablespace t on t.oid = c.reltablespace
      where t.spcname not in ('pg_default', 'pg_global')
      order by 1`,
  )
  return rows.map(({ name }) => name)
}
