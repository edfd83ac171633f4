import { setTimeout as sleep } from 'node:timers/promises'
import { toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'

/** Milliseconds that the application's statements may queue up behind ours, and how often it's tried. */
const lockTimeout = 2000
const attempts = 10

/**
 * Statements in one transaction. ALTER TABLE and publications wait for whoever holds a table, and others then wait behind them: so they wait for
 * moments only, and try again later.
 */
export async function withoutWaiting(session: Session, statements: readonly string[], signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await session.run(`begin;\nset local lock_timeout = ${lockTimeout};\n${statements.join(';\n')};\ncommit`)
    } catch (cause) {
      const error = toReplicatorError(cause)
      if (session.alive) await session.run('rollback')
      const state = error.server?.sqlstate
      if ((state !== sqlstate.lockNotAvailable && state !== sqlstate.deadlock) || attempt === attempts) throw error
    }
    await sleep(lockTimeout, undefined, { signal })
  }
}
