import { z } from 'zod'
import type { Session } from '../session.ts'

export async function readTablespaces(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(z.object({ name: z.string() }), 'select spcname::text as name from pg_catalog.pg_tablespace order by 1')
  return rows.map(({ name }) => name)
}
