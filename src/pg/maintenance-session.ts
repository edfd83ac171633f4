import type { ConnectionSettings } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { openSession, type Session } from './session.ts'

/**
 * A session on the server in whatever database will do: the URL's, or else one that every server has. The URL of a target may
 * name the database that is yet to be created; and the one that is dropped can't be the one we're in.
 */
export async function openMaintenanceSession(settings: ConnectionSettings, signal: AbortSignal, avoid?: string): Promise<Session> {
  const candidates = [settings.database, 'postgres', 'template1'].filter((name, at, all) => name !== avoid && all.indexOf(name) === at)
  let first: unknown
  for (const database of candidates) {
    try {
      return await openSession(settings, { database, signal })
    } catch (error) {
      first ??= error
      if (!(error instanceof ReplicatorError) || error.code !== 'database-not-found') throw first
    }
  }
  throw first
}
