import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import type { Session } from '../../pg/session.ts'
import { subscriptionName } from '../../sql/replication-names.ts'
import { enableSql, setConnectionSql, setSlotSql } from '../../sql/subscription.ts'
import { subscriptionConninfo } from '../../sql/subscription-conninfo.ts'
import type { Ledger } from '../ledger.ts'
import { withoutStatementLog } from '../roles/without-statement-log.ts'
import { type FollowedLane, followedLanes } from './lanes.ts'
import { lendToSubscription } from './lend-to-subscription.ts'
import { isSubscribed, subscribe } from './subscribe.ts'
import { subscribeAgain } from './subscribe-again.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'

/** Every lane with its subscription, running, and dialling the source as it's to be dialled now. */
export async function subscribeLanes(run: SyncRun, { source, target }: SyncServers, ledger: Ledger): Promise<void> {
  const slots = await readSlots(source)
  for (const lane of followedLanes(await ledger.read())) {
    const slot = slots.find(({ name }) => name === lane.slot)
    if (slot === undefined || slot.walStatus === 'lost') throw slotLost(run, lane)
    if (await isSubscribed(target, lane.lane)) await mend(run, target, lane, slot.active)
    else if (lane.subscribed) await subscribeAgain(run, { source, target }, ledger, lane)
    else await subscribe(run, { source, target }, lane)
  }
}

async function mend(run: SyncRun, target: Session, { lane, slot }: FollowedLane, active: boolean): Promise<void> {
  await lendToSubscription(run, target)
  const name = subscriptionName(lane)
  const { source, database, subscribing } = run
  const conninfo = subscriptionConninfo({ source, database, ...subscribing, targetVersion: target.versionNumber })
  // Whoever may not read it changes it only where nothing is connected: each change restarts the worker.
  const known = await readConninfo(target, name)
  if (known === undefined ? !active : known !== conninfo)
    await withoutStatementLog(target, subscribing.superuser, () => target.run(setConnectionSql(name, conninfo)))
  const found = (await readSubscriptions(target)).find((one) => one.database === database && one.name === name)
  // It knows how far it has come whatever slot it was told to read.
  if (found !== undefined && found.slot !== slot) await target.run(setSlotSql(name, slot))
  if (found?.enabled === false) await target.run(enableSql(name))
}

async function readConninfo(target: Session, name: string): Promise<string | undefined> {
  const { readable } = await target.one(
    z.object({ readable: z.boolean() }),
    `select pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select') as readable`,
  )
  if (!readable) return undefined
  const [found] = await target.rows(
    z.object({ conninfo: z.string() }),
    `select s.subconninfo as conninfo
       from pg_catalog.pg_subscription s
       join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
      where s.subname = $1`,
    [name],
  )
  return found?.conninfo
}

function slotLost({ database }: SyncRun, { slot }: FollowedLane): ReplicatorError {
  return new ReplicatorError('slot-lost', `the slot ${slot} is gone from the source, and with it what changed since`, {
    database,
    hint: 'It was dropped, or invalidated since it kept too much log (max_slot_wal_keep_size). Run `cleanup`, then `init` with `drop-existing`.',
  })
}
