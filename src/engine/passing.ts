import pRetry, { AbortError } from 'p-retry'
import type { Emit } from '../events.ts'
import { toReplicatorError } from '../pg/database-error.ts'
import { isTransient } from '../pg/sqlstate.ts'

/** What passes by itself: lost connections, restarts, deadlocks. Never wrong data or missing rights. */
export function isPassing(error: unknown): boolean {
  const known = toReplicatorError(error)
  return (
    known.code === 'connection-lost' ||
    known.code === 'connection-refused' ||
    known.code === 'connection-timeout' ||
    isTransient(known.server?.sqlstate)
  )
}

interface Resumable {
  readonly database: string
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** For work that goes on where it was: a server that is restarted is back after some seconds. */
export function goOnWhenPassing({ database, emit, signal }: Resumable, body: () => Promise<void>): Promise<void> {
  return pRetry(
    async () => {
      try {
        await body()
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw new AbortError(error as Error)
        throw error
      }
    },
    {
      retries: 4,
      minTimeout: 1000,
      factor: 2.5,
      signal,
      onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft > 0 && isPassing(error)) emit({ type: 'note', message: `${database}: ${error.message}; going on in a moment` })
      },
    },
  )
}
