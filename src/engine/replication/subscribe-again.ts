import { type Warning, warning } from '../../errors.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { subscriptionName } from '../../sql/replication-names.ts'
import type { Ledger } from '../ledger.ts'
import type { LaneServers } from './lane-servers.ts'
import { type FollowedLane, finishedTables } from './lanes.ts'
import { refuseUnfiltered } from './resync-tables.ts'
import { subscribe } from './subscribe.ts'
import type { SyncRun } from './sync-run.ts'
import { unpublish } from './unpublish.ts'

/**
 * A subscription that was dropped, but not by us, took along what it knew of how far it had come: its slot sends what it hadn't confirmed once more.
 * So it's made again without tables, which `repairPublications` then finds to be missing, and has copied anew.
 */
export async function subscribeAgain(run: SyncRun, servers: LaneServers, ledger: Ledger, lane: FollowedLane): Promise<void> {
  refuseUnfiltered(run, servers, finishedTables(run, await ledger.read(), lane.lane))
  run.emit({ type: 'warning', warning: droppedWarning(run, lane) })
  await unpublish(run, servers, lane, ({ schema }) => schema !== ownSchema)
  await subscribe(run, servers, lane)
}

function droppedWarning({ database }: SyncRun, { lane }: FollowedLane): Warning {
  return warning('table-not-replicated', `the subscription ${subscriptionName(lane)} had been dropped, and is made again`, {
    database,
    hint: 'Which changes had arrived is not known any more: so its tables are copied anew. To end replication, run `cleanup` instead.',
  })
}
