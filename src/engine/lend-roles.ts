import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Session } from '../pg/session.ts'

export interface LentRoles extends AsyncDisposable {
  /** Owners that our role can't act for: what is theirs is restored without owner. */
  readonly withheld: readonly string[]
  readonly warnings: readonly Warning[]
}

/** Makes our role a member of the owners until disposed of. Once per run, for all databases: memberships are cluster-wide. */
export async function lendRoles(_target: Session, _owners: readonly string[], _emit: Emit): Promise<LentRoles> {
  throw new Error('not built yet')
}
