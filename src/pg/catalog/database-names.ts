import { z } from 'zod'
import type { Session } from '../session.ts'

/** The server's databases as far as it takes to select some; see databases.ts for all that is to know of them. */
export function readDatabaseNames(
  session: Session,
): Promise<{ readonly name: string; readonly isTemplate: boolean; readonly allowConnections: boolean }[]> {
  return session.rows(
    z.object({ name: z.string(), isTemplate: z.boolean(), allowConnections: z.boolean() }),
    `select datname::text as "name",
            datistemplate as "isTemplate",
            datallowconn and datconnlimit <> -2 as "allowConnections"
       from pg_catalog.pg_database
      order by datname`,
  )
}
