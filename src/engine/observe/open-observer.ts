import type { ConnectionSettings } from '../../config/config.ts'
import { openSession, type Session } from '../../pg/session.ts'

/**
 * A session that can change nothing: a predicate of the user's is judged in such a one too. Without parallel workers, of which
 * a plan would show one's share; without JIT, which recursion over catalogs is misjudged to be worth.
 */
export function openObserver(settings: ConnectionSettings, database: string, signal: AbortSignal): Promise<Session> {
  return openSession(settings, {
    database,
    signal,
    pinned: { default_transaction_read_only: 'on', max_parallel_workers_per_gather: '0', jit: 'off' },
  })
}
