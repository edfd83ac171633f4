import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Session } from '../../pg/session.ts'
import { subscriptionName } from '../../sql/replication-names.ts'
import { disableSql, enableSql } from '../../sql/subscription.ts'

/**
 * Has the lane's apply worker begin anew. One that has once seen a table as ready doesn't ask again: it would go on applying the table's
 * changes, those of before included, though the subscription doesn't list it any more.
 */
export async function restartApply(target: Session, lane: number, signal: AbortSignal): Promise<void> {
  const name = subscriptionName(lane)
  await target.run(disableSql(name))
  while (await isApplying(target, name)) await sleep(20, undefined, { signal })
  await target.run(enableSql(name))
}

/** The worker ends after the transaction that it's at. Those that copy tables don't count. */
async function isApplying(target: Session, name: string): Promise<boolean> {
  const found = await target.rows(
    z.unknown(),
    `select from pg_catalog.pg_stat_subscription w
       join pg_catalog.pg_subscription s on s.oid = w.subid
       join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
      where s.subname = $1 and w.pid is not null and w.relid is null`,
    [name],
  )
  return found.length > 0
}
