import type { RelationName } from '../../events.ts'
import { dropTablesSql } from '../../sql/publication.ts'
import { publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { enableSql, refreshSql } from '../../sql/subscription.ts'
import { among, kinds, type LaneContent } from './lane-content.ts'
import type { LaneServers } from './lane-servers.ts'
import { restartApply } from './restart-apply.ts'
import { withoutWaiting } from './without-waiting.ts'

/** Has a subscribed lane leave tables: once its worker has begun anew, nothing of theirs arrives any more. */
export async function withdrawTables(
  { source, target }: LaneServers,
  lane: number,
  { published }: LaneContent,
  tables: readonly RelationName[],
  signal: AbortSignal,
): Promise<void> {
  const unpublish = kinds.flatMap((kind) => dropTablesSql(publicationName(kind, lane), among(tables, published[kind])) ?? [])
  if (unpublish.length > 0) await withoutWaiting(source, unpublish, signal)
  await target.run(enableSql(subscriptionName(lane)))
  await target.run(refreshSql(subscriptionName(lane), false))
  await restartApply(target, lane, signal)
}
