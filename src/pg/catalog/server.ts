import { z } from 'zod'
import type { ObservedServer } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { readAvailableExtensions } from './available-extensions.ts'
import { readConnections } from './connections.ts'
import { readDatabases } from './databases.ts'
import { readLocales } from './locales.ts'
import { inOneSnapshot } from './one-snapshot.ts'
import { readLongTransactions, readPreparedTransactions } from './open-transactions.ts'
import { readRoles } from './roles.ts'
import { readSettings } from './settings.ts'
import { readSystemIdentifier } from './system-identifier.ts'
import { readTablespaces } from './tablespaces.ts'

/** What the catalogs say of the server; host, port, TLS and the like are the connection's (see engine/open-servers.ts). */
export type CatalogServer = Omit<ObservedServer, 'host' | 'port' | 'tls' | 'pooler' | 'ipv6Only'>

export async function readServer(session: Session): Promise<CatalogServer> {
  return inOneSnapshot(session, async () => ({
    versionNumber: session.versionNumber,
    ...(await session.one(identityRow, identitySql)),
    systemIdentifier: await readSystemIdentifier(session),
    settings: await readSettings(session),
    connections: await readConnections(session),
    databases: await readDatabases(session),
    roles: await readRoles(session),
    tablespaces: await readTablespaces(session),
    availableExtensions: await readAvailableExtensions(session),
    locales: await readLocales(session),
    longTransactions: await readLongTransactions(session),
    preparedTransactions: await readPreparedTransactions(session),
  }))
}

const identityRow = z.object({
  version: z.string(),
  user: z.string(),
  superuser: z.boolean(),
  createDatabase: z.boolean(),
  createRole: z.boolean(),
  replication: z.boolean(),
  inRecovery: z.boolean(),
})

const identitySql = `
  select pg_catalog.current_setting('server_version') as "version",
         rolname::text as "user",
         rolsuper as "superuser",
         rolcreatedb or rolsuper as "createDatabase",
         rolcreaterole or rolsuper as "createRole",
         rolreplication or rolsuper as "replication",
         pg_catalog.pg_is_in_recovery() as "inRecovery"
    from pg_catalog.pg_roles
   where rolname = current_user`
