import { z } from 'zod'
import type { Session } from '../../session.ts'

const blocker = z.object({
  /** Null: a prepared transaction, which no process holds. */
  pid: z.number().nullable(),
  who: z.string(),
  seconds: z.number(),
})

export type SlotBlocker = z.infer<typeof blocker>

/**
 * Transactions that wrote, or may have: the creation of a slot waits until all that were running when it began are over.
 * https://www.postgresql.org/docs/current/logicaldecoding-explanation.html#LOGICALDECODING-REPLICATION-SLOTS
 */
export function readSlotBlockers(session: Session): Promise<SlotBlocker[]> {
  return session.rows(
    blocker,
    `select pid,
            pg_catalog.concat_ws(' ', usename, 'in', datname, pg_catalog.concat('(', state, ')')) as who,
            floor(extract(epoch from pg_catalog.clock_timestamp() - xact_start))::int as seconds
       from pg_catalog.pg_stat_activity
      where backend_xid is not null
        and pid <> pg_catalog.pg_backend_pid()
      union all
     select null,
            pg_catalog.concat_ws(' ', 'prepared transaction', gid, 'of', owner, 'in', database),
            floor(extract(epoch from pg_catalog.clock_timestamp() - prepared))::int
       from pg_catalog.pg_prepared_xacts
      order by seconds desc`,
  )
}
