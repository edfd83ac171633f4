import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'
import type { DatabasePlan } from '../plan/plan.ts'

export interface CreateDatabase {
  readonly source: Session
  /** Connected to another database of the target. */
  readonly target: Session
  readonly plan: DatabasePlan
  readonly emit: Emit
  readonly signal: AbortSignal
}

/**
 * Makes the database (drops it first when the plan says `recreate`) with owner, comment, labels, grants and those settings that
 * can't hinder the copy. Harmless to repeat.
 */
export async function createDatabase(_: CreateDatabase): Promise<{ readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}

/** What would be in the way of the copy comes last: read-only and role settings, connection limit, whether it's a template or open at all. */
export async function finishDatabase(_: CreateDatabase): Promise<{ readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
