import { z } from 'zod'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import type { Session } from '../../pg/session.ts'
import { identifier, qualified } from '../../sql/identifier.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { heartbeatName, subscriptionName } from '../../sql/replication-names.ts'
import type { Ledger } from '../ledger.ts'
import { dropLane } from './drop-lane.ts'
import { type FollowedLane, followedLanes } from './lanes.ts'
import { dropUnknown } from './settle-lanes.ts'
import { readSubscribedTables } from './subscribe.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'
import { unpublish } from './unpublish.ts'

/**
 * A run that was killed in the middle of a merge left the lane stopped, and its tables with its own subscription or with the other one's too. In
 * the latter case nobody saw whether writes were still held when they passed over: unless the lane's slot, which still keeps all that came since,
 * has no change of theirs, they're copied anew, which is `repairPublications`' work.
 */
export async function resumeMerges(run: SyncRun, servers: SyncServers, ledger: Ledger): Promise<void> {
  const progress = await ledger.read()
  await dropUnknown(run, servers, progress.lanes)
  const lanes = followedLanes(progress)
  for (const lane of lanes) {
    // By the catalogs, not by the plan: what has left the scope since may be followed twice, too.
    const names = (await readSubscribedTables(servers.target, lane.lane)).filter(({ schema }) => schema !== ownSchema).map(qualified)
    for (const other of lanes.filter((one) => one.lane !== lane.lane)) {
      const listed = new Set((await readSubscribedTables(servers.target, other.lane)).map(qualified))
      if (names.length === 0 || !names.every((name) => listed.has(name))) continue
      const unchanged = !(await isEnabled(servers.target, lane)) && !(await hasChanges(servers.source, lane))
      // First of all: whatever kills this, `repairPublications` finds what isn't published, and has it copied anew.
      if (!unchanged) await unpublish(run, servers, other, (table) => names.includes(qualified(table)))
      await ledger.mergeLane(lane.lane, other.lane)
      await dropLane({ ...servers, ...lane })
      return resumeMerges(run, servers, ledger)
    }
  }
}

/** Somebody has set it going again: both have applied what came since. */
async function isEnabled(target: Session, { lane }: FollowedLane): Promise<boolean> {
  const subscriptions = await readSubscriptions(target)
  return subscriptions.some(({ database, name, enabled }) => database === target.database && name === subscriptionName(lane) && enabled)
}

/** Changes that are looked at; more than that isn't worth it. */
const most = 1000

/** Whether the slot keeps any change of a table of the lane's; the marker's don't count. Reads it without moving it. */
async function hasChanges(source: Session, { lane, slot }: FollowedLane): Promise<boolean> {
  const ours = (await readPublications(source)).filter(({ mark }) => mark?.lane === lane)
  const { changes, messages } = await source.one(
    z.object({ changes: z.bigint(), messages: z.bigint() }),
    // The second to fifth byte of a change are its relation's oid. https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
    `select count(*) filter (where pg_catalog.chr(pg_catalog.get_byte(data, 0)) in ('I', 'U', 'D', 'T')
                               and pg_catalog.get_byte(data, 1)::int8 * 16777216 + pg_catalog.get_byte(data, 2) * 65536
                                 + pg_catalog.get_byte(data, 3) * 256 + pg_catalog.get_byte(data, 4)
                                 is distinct from pg_catalog.to_regclass($3)::pg_catalog.oid::int8) as changes,
            count(*) as messages
       from pg_catalog.pg_logical_slot_peek_binary_changes($1, null, ${most}, 'proto_version', '1', 'publication_names', $2)`,
    [slot, ours.map(({ name }) => identifier(name)).join(','), `${ownSchema}.${heartbeatName(lane)}`],
  )
  return changes > 0n || messages >= BigInt(most)
}
