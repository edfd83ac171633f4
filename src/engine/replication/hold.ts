import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { lockTimeoutSql } from '../../sql/lock-timeout.ts'
import { isRefusal } from '../warnings.ts'

export interface HoldRequest {
  readonly source: ConnectionSettings
  readonly database: string
  /** Writes to these wait. */
  readonly tables: readonly HeldTable[]
  /** Milliseconds that any write may wait at the most. */
  readonly longest: number
  readonly signal: AbortSignal
}

interface HeldTable {
  readonly schema: string
  readonly name: string
  /** A partitioned table is held with its partitions. */
  readonly kind: string
}

export interface Hold {
  /** When it's over at the latest, on the clock of `performance.now()`; never later than the server's own end of it. */
  readonly deadline: number
  /** Whether it has been there without a break: not run out, nor ended by somebody else. */
  stands(): Promise<boolean>
  /** Ends it now; the milliseconds that writes may have waited. */
  release(): Promise<number>
}

/**
 * Holds writes to tables of the source for a moment, or null where their locks can't be had in time. One statement of the server keeps the lock
 * and its end: should this process die, nobody waits for longer, and nothing that was begun under the lock outlives it unguarded. What waits for the
 * lock makes later writers wait too, so that counts.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export async function holdWrites(request: HoldRequest): Promise<Hold | null> {
  const { source, database, longest, signal } = request
  const options = { database, signal }
  const holder = await openSession(source, options)
  const watcher = await openSession(source, options)
  const close = () => Promise.all([holder[Symbol.asyncDispose](), watcher[Symbol.asyncDispose]()])
  try {
    const pid = (await holder.one(z.object({ pid: z.number() }), 'select pg_catalog.pg_backend_pid() as pid')).pid
    const begun = performance.now()
    let over = false
    const ended = holder.run(holdSql(request, holder.versionNumber)).then(
      () => null,
      (error: unknown) => toReplicatorError(error, { database }),
    )
    const end = ended.finally(() => (over = true))
    while (!over && !(await isHolding(watcher, pid))) await sleep(2)
    if (over) {
      const refusal = await end
      await close()
      if (refusal === null || isRefusal(refusal)) return null
      throw refusal
    }
    return {
      deadline: begun + longest,
      stands: async () => !over && (await isHolding(watcher, pid)),
      async release() {
        await watcher.rows(z.unknown(), 'select pg_catalog.pg_cancel_backend($1)', [pid])
        await end
        const milliseconds = performance.now() - begun
        await close()
        return milliseconds
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The time-outs count from the message's arrival, so that waiting and holding together stay within `longest`. */
function holdSql({ tables, longest }: HoldRequest, versionNumber: number): string {
  const unwatched = versionNumber >= 140_000 ? 'set local client_connection_check_interval = 0;\n' : ''
  const until = `${(longest / 1000).toFixed(3)} - extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp())`
  return `begin;
${unwatched}${lockTimeoutSql(longest / 2)};
set local statement_timeout = ${Math.ceil(longest)};
lock table ${tables.map((one) => `${one.kind === 'partitioned' ? '' : 'only '}${qualified(one)}`).join(', ')} in share mode;
select pg_catalog.pg_sleep(greatest(0, ${until}));
rollback`
}

async function isHolding(watcher: Session, pid: number): Promise<boolean> {
  const [found] = await watcher.rows(z.unknown(), `select from pg_catalog.pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`, [
    pid,
  ])
  return found !== undefined
}
