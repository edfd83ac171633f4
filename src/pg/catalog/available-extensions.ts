import { z } from 'zod'
import type { ObservedServer } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

export async function readAvailableExtensions(session: Session): Promise<ObservedServer['availableExtensions']> {
  const rows = await session.rows(
    z.object({ name: z.string(), defaultVersion: z.string(), versions: z.array(z.string()) }),
    `select e.name::text as "name",
            coalesce(e.default_version, '') as "defaultVersion",
            array_agg(v.version order by v.version) as "versions"
       from pg_catalog.pg_available_extensions e
       join pg_catalog.pg_available_extension_versions v on v.name = e.name
      group by e.name, e.default_version`,
  )
  return new Map(rows.map(({ name, ...rest }) => [name, rest]))
}
