import { z } from 'zod'
import type { Session } from '../session.ts'

/** Settings as the server has them, not as our session pinned them. */
export async function readSettings(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows(
    z.object({ name: z.string(), value: z.string() }),
    `select name,
            coalesce(case when source = 'session' then reset_val else setting end, '') as value
       from pg_catalog.pg_settings`,
  )
  return new Map(rows.map(({ name, value }) => [name, value]))
}
