import type { Config } from '../../config/config.ts'
import { type Emit, phase } from '../../events.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import { openSession } from '../../pg/session.ts'
import type { Observed } from '../../plan/observed.ts'
import { type LentRoles, lendRoles } from './lend-roles.ts'
import { mergeRoles } from './roles.ts'

export type { LentRoles } from './lend-roles.ts'

interface RolesRequest {
  readonly config: Config
  readonly observed: Observed
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** The source's roles on the target, since they're the server's; and our own a member of those that own something, until disposed of. */
export async function openRoles({ config, observed, emit, signal }: RolesRequest): Promise<LentRoles> {
  await using source = await openSession(config.source, { signal })
  const target = await openMaintenanceSession(config.target, signal)
  const close = () => target[Symbol.asyncDispose]()
  try {
    await phase(emit, 'roles', undefined, () => mergeRoles({ source, target, observed, emit, signal }))
    const lent = await lendRoles(target, ownersOf(observed), emit)
    return {
      ...lent,
      async [Symbol.asyncDispose]() {
        await lent[Symbol.asyncDispose]()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function ownersOf(observed: Observed): string[] {
  return [...new Set(observed.databases.flatMap(({ catalog }) => (catalog === null ? [] : catalog.owners)))]
}
