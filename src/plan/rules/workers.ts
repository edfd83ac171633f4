import type { Problem, Warning } from '../../errors.ts'
import { majorOf } from '../server-version.ts'
import { laneDemand } from './lane-demand.ts'
import type { RuleInput } from './rule.ts'
import { shortage } from './shortage.ts'

/**
 * A worker and a replication origin for each lane; origins are counted by the setting of slots before 18.
 * https://www.postgresql.org/docs/current/logical-replication-config.html#LOGICAL-REPLICATION-CONFIG-SUBSCRIBER
 */
export function workers(input: RuleInput): (Problem | Warning)[] {
  const { target, replication } = input.observed
  if (replication === null) return []
  const { lanes, unsubscribed, tableSyncs } = laneDemand(input)
  const needed = lanes + unsubscribed + tableSyncs
  const { subscriptions, origins, backgroundWorkers } = replication.target
  const applying = subscriptions.filter(({ enabled }) => enabled).length
  const originSetting = majorOf(target) >= 18 ? 'max_active_replication_origins' : 'max_replication_slots'
  const short = (what: string, setting: string, used: number) => shortage('workers-short', 'target', target, what, setting, used, needed)
  return [
    ...short('logical replication worker', 'max_logical_replication_workers', applying),
    ...short('background worker', 'max_worker_processes', backgroundWorkers),
    ...short('replication origin', originSetting, origins),
  ]
}
