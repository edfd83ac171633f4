import { afterAll } from 'vitest'
import type { EmbeddedServer, ServerOptions } from '../../src/commands/demo/embedded-server.ts'
import { query } from './query.ts'
import { ownServer } from './servers.ts'

/**
 * Servers that the tests of one file have for themselves, one after the other: started when first asked for, and freed of databases and
 * roles each time. For tests whose roles and databases mustn't meet those of other files.
 */
export function reusedServers(): (role: 'source' | 'target', options: ServerOptions) => Promise<EmbeddedServer> {
  const started = new Map<string, Promise<EmbeddedServer>>()
  afterAll(async () => {
    for (const server of await Promise.all(started.values())) await server[Symbol.asyncDispose]()
  })
  return async (role, options) => {
    const key = JSON.stringify([role, options])
    const starting = started.get(key) ?? ownServer(options)
    started.set(key, starting)
    const server = await starting
    await empty(server)
    return server
  }
}

async function empty(server: EmbeddedServer): Promise<void> {
  const quoted = async (sql: string) => (await query<{ name: string }>(server.url(), sql)).map(({ name }) => name)
  await query(server.url(), 'UPDATE pg_database SET datistemplate = false WHERE oid > 16383')
  const force = server.major >= 13 ? ' WITH (FORCE)' : ''
  for (const name of await quoted('SELECT quote_ident(datname) AS name FROM pg_database WHERE oid > 16383'))
    await query(server.url(), `DROP DATABASE ${name}${force}`)
  for (const name of await quoted('SELECT quote_ident(rolname) AS name FROM pg_roles WHERE oid > 16383')) {
    await query(server.url(), `DROP OWNED BY ${name} CASCADE`)
    await query(server.url(), `REASSIGN OWNED BY ${name} TO ${server.user}`)
  }
  const roles = await quoted('SELECT quote_ident(rolname) AS name FROM pg_roles WHERE oid > 16383')
  if (roles.length > 0) await query(server.url(), `DROP ROLE ${roles.join(', ')}`)
}
