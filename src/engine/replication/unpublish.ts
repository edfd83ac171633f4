import type { RelationName } from '../../events.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { noteResyncSql } from '../../sql/ledger-notes.ts'
import { dropTablesSql } from '../../sql/publication.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { LaneServers } from './lane-servers.ts'
import type { FollowedLane } from './lanes.ts'
import { withoutWaiting } from './without-waiting.ts'

/** Takes tables from a lane's publications. Whatever kills the run then, `repairPublications` finds that they're missing, and has them copied anew. */
export async function unpublish(
  { signal }: DatabaseRun,
  { source, target }: LaneServers,
  { lane }: Pick<FollowedLane, 'lane'>,
  isMeant: (table: RelationName) => boolean,
): Promise<void> {
  const ours = (await readPublications(source)).filter(({ mark }) => mark?.lane === lane)
  const statements = ours.flatMap(({ name, tables }) => dropTablesSql(name, tables.filter(isMeant)) ?? [])
  if (statements.length === 0) return
  await target.run(
    noteResyncSql(
      lane,
      ours.flatMap(({ tables }) => tables.filter(isMeant)),
    ),
  )
  await withoutWaiting(source, statements, signal)
}
