import { z } from 'zod'
import { readSystemIdentifier } from '../../pg/catalog/system-identifier.ts'
import { serverError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import { detachAndDropSql } from '../../sql/subscription.ts'

/**
 * Drops a subscription of the session's database without its slot, whether the source can be reached or not. It's parted from the slot in the
 * same transaction, so that it's either whole or gone.
 */
export async function dropSubscription(target: Session, name: string): Promise<void> {
  try {
    await target.run(detachAndDropSql(name))
  } catch (error) {
    if (serverError(error)?.sqlstate !== sqlstate.undefinedObject) throw error
  }
}

/**
 * Slots that PostgreSQL's own table synchronisation may hold on the source for a subscription (14+: before, they end with their session). Dropping
 * the subscription drops them if the source answers the target just then, and else leaves them for ever. None where the role may not know the
 * server's identifier, which is a part of their names.
 */
export async function readSyncSlots(target: Session, subscription: string): Promise<string[]> {
  const system = target.versionNumber < 140_000 ? '' : await readSystemIdentifier(target)
  if (system === '') return []
  const rows = await target.rows(
    z.object({ slot: z.string() }),
    `select pg_catalog.format('pg_%s_sync_%s_%s', s.oid, r.srrelid, $2::text) as slot
       from pg_catalog.pg_subscription s
       join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
       join pg_catalog.pg_subscription_rel r on r.srsubid = s.oid
      where s.subname = $1 and r.srsubstate not in ('r', 's')
      order by r.srrelid`,
    [subscription, system],
  )
  return rows.map(({ slot }) => slot)
}
