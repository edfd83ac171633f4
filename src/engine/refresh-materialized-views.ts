import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'

interface RefreshMaterializedViews {
  readonly source: Session
  /** Those that don't depend on each other are refreshed side by side. */
  readonly targets: readonly [Session, ...Session[]]
  readonly database: string
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Refreshes what is populated on the source, in order of dependency. A view that fails is a warning, `refresh-failed`. */
export async function refreshMaterializedViews(_: RefreshMaterializedViews): Promise<{ readonly refreshed: number; readonly warnings: readonly Warning[] }> {
  throw new Error('not built yet')
}
