import { z } from 'zod'
import type { ObservedTargetContent } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { readEventTriggers } from './event-triggers.ts'
import { readExtensions } from './extensions.ts'
import { readForeignObjects } from './foreign-objects.ts'
import { readLedger } from './ledger.ts'
import { inOneSnapshot } from './one-snapshot.ts'
import { userSchemas } from './user-schemas.ts'

/** What a database on the target holds already, and what we may make in it. */
export async function readTargetContent(session: Session): Promise<ObservedTargetContent> {
  return inOneSnapshot(session, async () => ({
    ...(await readForeignObjects(session)),
    ...(await session.one(privilegesRow, privilegesSql)),
    schemas: (await session.rows(z.object({ name: z.string() }), `${userSchemas} order by 2`)).map(({ name }) => name),
    extensions: new Map((await readExtensions(session)).map(({ name, version }) => [name, version])),
    eventTriggers: await readEventTriggers(session),
    ledger: await readLedger(session),
  }))
}

const privilegesRow = z.object({ canCreateSchemas: z.boolean(), canCreateInPublic: z.boolean() })

const privilegesSql = `
  select pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') as "canCreateSchemas",
         coalesce((
           select pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_schema_privilege(n.oid, 'create')
             from pg_catalog.pg_namespace n
            where n.nspname = 'public'), true) as "canCreateInPublic"`
