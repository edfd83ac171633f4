import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import { z } from 'zod'
import type { ObservedServer } from '../plan/observed.ts'
import { openSession, type Session } from './session.ts'

/** What the connection itself tells of a server. */
export async function readConnectionFacts(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<ObservedServer, 'host' | 'port' | 'tls' | 'pooler' | 'ipv6Only'>> {
  const { host, port, stream } = dialled(session)
  return {
    host,
    port,
    tls: stream instanceof TLSSocket ? stream.getProtocol() : null,
    pooler: await isPooled(session, host, port, signal),
    ipv6Only: await isIpv6Only(host),
  }
}

/** Of the hosts of the URL, the one that answered. */
function dialled({ client }: Session): { readonly host: string; readonly port: number; readonly stream: unknown } {
  const { stream } = (client as unknown as { connection: { stream: unknown } }).connection
  return { host: client.host, port: client.port, stream }
}

/**
 * A proxy that gives a cancel key of its own may pass sessions through whole, as Neon's does, or share server processes between
 * them. Poolers give the process that was used last to whoever asks first: while a second session holds it, the first one is
 * served by another.
 */
async function isPooled(session: Session, host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const { processID } = session.client as unknown as { processID: number | null }
  const before = await backendPid(session)
  if (processID === before) return false
  if (/^[^.]+-pooler\./.test(host) || port === 6432 || port === 6543) return true
  await using other = await openSession(session.settings, { database: session.database, signal })
  await other.run('begin')
  const after = await backendPid(session)
  await other.run('rollback')
  return before !== after
}

async function backendPid(session: Session): Promise<number> {
  return (await session.one(z.object({ pid: z.number() }), 'select pg_catalog.pg_backend_pid() as pid')).pid
}

async function isIpv6Only(host: string): Promise<boolean> {
  if (host.startsWith('/')) return false
  if (isIP(host) !== 0) return isIP(host) === 6
  const addresses = await lookup(host, { all: true }).catch(() => [])
  return addresses.length > 0 && addresses.every(({ family }) => family === 6)
}
