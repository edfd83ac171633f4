import { setTimeout as sleep } from 'node:timers/promises'
import { toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import { lockTimeoutSql } from '../../sql/lock-timeout.ts'

/** Milliseconds that the application's statements may queue up behind ours; then those in which they may go on, and how often it's tried. */
const lockTimeout = 800
const pause = 2000
const attempts = 20

/**
 * Statements in one transaction. ALTER TABLE and publications wait for whoever holds a table, and others then wait behind them: so they wait for
 * moments only, and try again later.
 */
export async function withoutWaiting(
  session: Session,
  statements: readonly string[],
  signal: AbortSignal,
  run = (sql: string) => session.run(sql),
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(`begin;\n${lockTimeoutSql(lockTimeout)};\n${statements.join(';\n')};\ncommit`)
    } catch (cause) {
      const error = toReplicatorError(cause)
      if (session.alive) await session.run('rollback')
      const state = error.server?.sqlstate
      if ((state !== sqlstate.lockNotAvailable && state !== sqlstate.deadlock) || attempt === attempts) throw error
    }
    await sleep(pause, undefined, { signal })
  }
}
