import { z } from 'zod'
import type { ServerSummary } from '../../plan/plan.ts'
import type { Session } from '../session.ts'
import { readSystemIdentifier } from './system-identifier.ts'

/** What reports say of a server, without reading more of it. */
export async function readServerSummary(session: Session): Promise<ServerSummary> {
  const { version } = await session.one(z.object({ version: z.string() }), `select pg_catalog.current_setting('server_version') as version`)
  const { host, port } = session.client
  return { host, port, version, versionNumber: session.versionNumber, systemIdentifier: await readSystemIdentifier(session) }
}
