import { ReplicatorError } from '../../errors.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { createPublicationSql } from '../../sql/publication.ts'
import { laneComment } from '../../sql/replication-mark.ts'
import { publicationName, subscriptionName } from '../../sql/replication-names.ts'
import { setPublicationsSql } from '../../sql/subscription.ts'
import type { DatabaseRun } from '../database-run.ts'
import { passFence } from './fence.ts'
import type { LaneServers } from './lane-servers.ts'
import type { FollowedLane } from './lanes.ts'

/** Milliseconds; on an idle source old majors confirm every ten seconds. */
const patience = 120_000

/**
 * The lane's publication of inserts alone, where no table needed one until now. The subscription may name it only once its slot is past the moment
 * when it was made: reading what's older, the source wouldn't find it.
 */
export async function openInserts(run: DatabaseRun, { source, target }: LaneServers, { lane, slot }: FollowedLane): Promise<void> {
  const { database, signal } = run
  const name = publicationName('inserts', lane)
  const subscription = (await readSubscriptions(target)).find((one) => one.database === database && one.name === subscriptionName(lane))
  if (subscription === undefined || subscription.publications.includes(name)) return
  if (!(await readPublications(source)).some((one) => one.name === name)) {
    await source.run(createPublicationSql(name, 'inserts', [], laneComment({ lane, slot, peer: run.targetSystemIdentifier, database })))
  }
  const fenced = [{ lane, slot, heartbeat: false }]
  if (!(await passFence({ source, target }, fenced, { deadline: performance.now() + patience, signal }))) throw behind(database)
  await target.run(setPublicationsSql(subscription.name, [...subscription.publications, name]))
}

function behind(database: string): ReplicatorError {
  return new ReplicatorError('lag-not-met', `the target is more than ${patience / 60_000} minutes behind: no tables can be added yet`, {
    database,
    hint: 'Run `sync` with `add-tables` again once it has caught up.',
  })
}
