import { z } from 'zod'
import type { ObservedCatalog } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

export async function readExtensions(session: Session): Promise<ObservedCatalog['extensions']> {
  return session.rows(
    z.object({ name: z.string(), version: z.string(), schema: z.string() }),
    `select e.extname::text as name,
            e.extversion as version,
            n.nspname::text as schema
       from pg_catalog.pg_extension e
       join pg_catalog.pg_namespace n on n.oid = e.extnamespace
      order by e.extname`,
  )
}
