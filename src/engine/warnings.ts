import { ReplicatorError, type Warning } from '../errors.ts'
import type { Emit } from '../events.ts'
import { isTransient } from '../pg/sqlstate.ts'

export interface Warnings {
  readonly list: readonly Warning[]
  add(warning: Warning): void
  /**
   * Runs what isn't worth ending the run for: when the server refuses it, that's a warning, and the answer is false. A lost
   * connection or an abort is still thrown.
   */
  attempt(body: () => Promise<unknown>, refused: (error: ReplicatorError) => Warning): Promise<boolean>
}

/** Warnings are emitted as they come, and kept for the result. */
export function collectWarnings(emit: Emit): Warnings {
  const list: Warning[] = []
  const add = (one: Warning) => {
    list.push(one)
    emit({ type: 'warning', warning: one })
  }
  return {
    list,
    add,
    async attempt(body, refused) {
      try {
        await body()
        return true
      } catch (error) {
        if (!isRefusal(error)) throw error
        add(refused(error))
        return false
      }
    },
  }
}

/** The server understood and said no, as opposed to being gone. */
export function isRefusal(error: unknown): error is ReplicatorError {
  return error instanceof ReplicatorError && error.server !== undefined && !isTransient(error.server.sqlstate)
}

/** What the server added to its message. */
export function serverHint(error: ReplicatorError): string {
  return error.finding.hint ?? 'Run the statement by hand, as a role that may, if it is wanted.'
}
