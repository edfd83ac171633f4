import { ReplicatorError } from '../../errors.ts'
import type { Session } from '../session.ts'
import { sqlstate } from '../sqlstate.ts'

/**
 * Several reads that see the same moment, and can change nothing. The catalogs' functions look past it, and fail on what was dropped since:
 * then all is read anew, by which time it's gone from the catalogs too.
 */
export async function inOneSnapshot<T>(session: Session, body: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left--) {
    await session.run('begin isolation level repeatable read read only')
    try {
      const result = await body()
      await session.run('commit')
      return result
    } catch (error) {
      if (session.alive) await session.run('rollback').catch(() => undefined)
      if (left === 1 || !isOfDropped(error)) throw error
    }
  }
}

/** Most come as a failed cache lookup, an internal error. */
const ofDropped: readonly string[] = [
  sqlstate.internalError,
  sqlstate.invalidCatalogName,
  sqlstate.invalidSchemaName,
  sqlstate.undefinedTable,
  sqlstate.undefinedFunction,
  sqlstate.undefinedObject,
]

function isOfDropped(error: unknown): boolean {
  return error instanceof ReplicatorError && ofDropped.includes(error.server?.sqlstate ?? '')
}
