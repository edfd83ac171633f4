import { ReplicatorError } from '../errors.ts'
import type { Session } from '../pg/session.ts'
import type { Workers } from './work-pool.ts'

/** Workers over sessions that the caller opened and closes. */
export function borrowedSessions(sessions: readonly Session[]): Workers<Session> {
  return {
    count: sessions.length,
    open(number) {
      const session = sessions[number]
      if (session === undefined) throw new ReplicatorError('internal', `there is no session ${number}`)
      return session
    },
    close: async () => undefined,
  }
}
