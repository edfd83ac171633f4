import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'

interface SetSequences {
  /** Outside of the snapshot: sequences know no snapshots, and read at the end they're past every copied row. */
  readonly source: Session
  readonly target: Session
  readonly database: string
  readonly emit: Emit
}

/** Gives every sequence that exists on both sides the source's last_value and is_called. */
export async function setSequences(_: SetSequences): Promise<{ readonly count: number; readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
