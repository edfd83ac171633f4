import { inject } from 'vitest'
import { type EmbeddedServer, type ServerOptions, startServer } from '../../src/commands/demo/embedded-server.ts'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'

/** Where a server is, and who may do all there. */
export type ServerAddress = Pick<EmbeddedServer, 'major' | 'host' | 'port' | 'user' | 'password' | 'dataFolder' | 'logFile'>

export interface TestServer extends ServerAddress {
  url(database?: string, credentials?: { readonly user: string; readonly password: string }): string
}

/** The server of that major which all test files share. Roles and settings there are shared too: a test that touches them takes one of its own. */
export async function sharedServer(role: 'source' | 'target', major: ServerMajor): Promise<TestServer> {
  const response = await fetch(`${inject('serverBroker')}/${role}/${major}`)
  if (!response.ok) throw new Error(await response.text())
  const address = (await response.json()) as ServerAddress
  return { ...address, url: (database = 'postgres', credentials = address) => serverUrl(address, database, credentials) }
}

/** A server for one test alone, 0.8 s to start: `await using server = await ownServer({ major: 15 })`. */
export async function ownServer(options: ServerOptions): Promise<EmbeddedServer> {
  return startServer(options)
}

export function serverUrl(
  { host, port }: ServerAddress,
  database: string,
  { user, password }: { readonly user: string; readonly password: string },
): string {
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`
}
