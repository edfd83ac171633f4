import { ReplicatorError } from '../errors.ts'
import { serverError } from '../pg/database-error.ts'
import { runMark, type Session } from '../pg/session.ts'
import { sqlstate } from '../pg/sqlstate.ts'
import { ownLedgerSql } from '../sql/ledger.ts'

/**
 * Runs statements that only this run may run: not once another has taken the database over, as it may when the session with our
 * lease is lost while others go on. `sql` must be nothing that can raise 22P02 itself.
 */
export async function runWhileOurs(target: Session, sql: string): Promise<void> {
  try {
    await target.run(`${ownLedgerSql(runMark)};\n${sql}`)
  } catch (error) {
    if (serverError(error)?.sqlstate !== sqlstate.invalidTextRepresentation) throw error
    throw new ReplicatorError('lease-held', `another run has taken the database ${target.database} over`, {
      database: target.database,
      hint: 'Wait until it has ended: it goes on with what was complete here.',
      cause: error,
    })
  }
}
