import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'
import type { Observed } from '../plan/observed.ts'

interface MergeRoles {
  readonly source: Session
  readonly target: Session
  readonly observed: Pick<Observed, 'source' | 'target'>
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Creates the roles that the target lacks. Each warning is emitted as it comes, and returned. */
export async function mergeRoles(_: MergeRoles): Promise<{ readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
