import { ReplicatorError } from '../../errors.ts'
import type { RelationName } from '../../events.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import type { DatabaseRun } from '../database-run.ts'
import { ledgerKey } from '../ledger.ts'
import { kinds, readLaneContent } from '../replication/lane-content.ts'
import type { LaneServers } from '../replication/lane-servers.ts'
import type { FollowedLane } from '../replication/lanes.ts'
import { isKept } from '../replication/settle-lanes.ts'
import { isSubscribed } from '../replication/subscribe.ts'
import { withdrawTables } from '../replication/withdraw-tables.ts'

interface Leaving {
  readonly tables: readonly RelationName[]
  /** A run before this one was stopped at it, and may have left a worker that still applies their changes, or none. */
  readonly again: boolean
}

/**
 * Tables that are to be dropped or copied anew leave the lanes that are subscribed by now. One that isn't is trimmed to what it still has when it's
 * settled; one whose slot is lost goes then as a whole.
 */
export async function leaveLanes(
  { database, signal }: DatabaseRun,
  servers: LaneServers,
  lanes: readonly FollowedLane[],
  { tables, again }: Leaving,
): Promise<void> {
  for (const { lane, slot } of lanes) {
    if (!(await isSubscribed(servers.target, lane))) continue
    const content = await readLaneContent(servers, lane)
    const isListed = (table: RelationName) => content.listed.has(ledgerKey(table))
    // What was renamed is published under its new name, and would be taken in without its rows.
    const renamed = kinds.flatMap((kind) => content.published[kind]).filter((table) => !isListed(table))
    const own = [...tables.filter(isListed), ...renamed]
    if ((own.length === 0 && !again) || !(await isKept(servers.source, slot))) continue
    try {
      await refuseGone(servers.source, slot)
      await withdrawTables(servers, lane, content, own, signal)
    } catch (cause) {
      signal.throwIfAborted()
      throw stuck(toReplicatorError(cause, { database }), database, slot)
    }
  }
}

/** The subscription would be taken to follow nothing any more. */
async function refuseGone(source: Session, slot: string): Promise<void> {
  if ((await readPublications(source)).some(({ mark }) => mark?.slot === slot)) return
  throw new ReplicatorError('not-prepared', 'its publication is gone from the source', {
    hint: 'Nobody knows what changed since. Give no-resume to start over.',
  })
}

function stuck(error: ReplicatorError, database: string, slot: string): ReplicatorError {
  if (error.code === 'internal') return error
  return new ReplicatorError(error.code, `tables of another scope could not leave the replication on ${slot}: ${error.message}`, {
    database,
    cause: error,
    ...(error.server === undefined ? {} : { server: error.server }),
    hint: error.finding.hint ?? 'None of them was changed. Start the command again, or give no-resume to start over.',
  })
}
