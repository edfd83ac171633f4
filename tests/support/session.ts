import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { openSession, type Session } from '../../src/pg/session.ts'

/** A session as the engine opens them. */
export function sessionOn(url: string): Promise<Session> {
  return openSession(parseConnectionUrl(url, { user: 'postgres' }))
}
