import { z } from 'zod'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

export async function readClosedSchemas(session: Session): Promise<readonly string[]> {
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select s.name
       from (${userSchemas}) s
      where not pg_catalog.has_schema_privilege(s.oid, 'usage')
        and exists (select from pg_catalog.pg_class c where c.relnamespace = s.oid and c.relkind in ('r', 'p', 'm', 'v', 'f', 'S'))
      order by s.name`,
  )
  return rows.map(({ name }) => name)
}
