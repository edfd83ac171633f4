import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'

interface CopyLargeObjects {
  /** Inside a transaction with the imported snapshot; used for nothing else meanwhile. */
  readonly source: Session
  readonly target: Session
  readonly database: string
  /** The ledger knows of parts from an earlier run: what they left on the target is removed first. */
  readonly startOver: boolean
  /** Writes the ledger row; runs in the transaction of the part's objects. `parts` is the same in all calls. */
  readonly record: (session: Session, part: number, parts: number, rows: bigint, bytes: bigint) => Promise<void>
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Copies all large objects under the same oids, with owners, grants, comments and labels. */
export async function copyLargeObjects(_: CopyLargeObjects): Promise<{ readonly count: bigint; readonly bytes: bigint; readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
