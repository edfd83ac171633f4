import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { serverError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import { dropSlotSql } from '../../sql/slot.ts'

/** Milliseconds that a walsender has to end by itself once its subscription is gone, and that it may take once it's told to. */
const lingering = 2_000
const ending = 30_000

/**
 * Drops a slot of the session's database; one that isn't there, or isn't for pgoutput, is passed over. Its subscription must be gone, or it
 * comes back: one whose target vanished without a word has its walsender for up to `wal_sender_timeout`, so that's ended.
 */
export async function dropSlot(source: Session, slot: string): Promise<void> {
  const started = performance.now()
  for (;;) {
    const [found] = await source.rows(z.object({ pid: z.number().nullable() }), readSlot, [slot])
    if (found === undefined) return
    if (found.pid === null && (await tryDrop(source, slot))) return
    const waited = performance.now() - started
    if (waited > ending) throw stillInUse(source, slot, found.pid)
    if (waited > lingering) await source.rows(z.unknown(), endWalsender, [slot])
    await sleep(100)
  }
}

const readSlot = `
select active_pid as pid
  from pg_catalog.pg_replication_slots
 where slot_name = $1 and database = pg_catalog.current_database() and plugin = 'pgoutput'`

/** By slot, not by a number read before: a process of that number could be another's by now. */
const endWalsender = `
select pg_catalog.pg_terminate_backend(active_pid)
  from pg_catalog.pg_replication_slots
 where slot_name = $1 and database = pg_catalog.current_database() and active_pid is not null`

/** False: somebody is at it. */
async function tryDrop(source: Session, slot: string): Promise<boolean> {
  try {
    await source.run(dropSlotSql(slot))
    return true
  } catch (error) {
    const state = serverError(error)?.sqlstate
    if (state === sqlstate.undefinedObject) return true
    if (state === sqlstate.objectInUse) return false
    throw error
  }
}

function stillInUse(source: Session, slot: string, pid: number | null): ReplicatorError {
  return new ReplicatorError(
    'left-behind',
    `the slot ${slot} is in use and can't be dropped${pid === null ? '' : `: process ${pid} reads it`}`,
    {
      database: source.database,
      hint: 'Something still subscribes to it, in another copy of the target perhaps: pg_stat_replication shows from where. End that, and run cleanup.',
      sql: `${dropSlotSql(slot)};`,
    },
  )
}
