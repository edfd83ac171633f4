import type { Problem, Warning } from '../../errors.ts'
import { laneDemand } from './lane-demand.ts'
import type { RuleInput } from './rule.ts'
import { shortage } from './shortage.ts'

/** A slot and a WAL sender for each lane. https://www.postgresql.org/docs/current/logical-replication-config.html#LOGICAL-REPLICATION-CONFIG-PUBLISHER */
export function slots(input: RuleInput): (Problem | Warning)[] {
  const { source, replication } = input.observed
  if (replication === null) return []
  const { lanes, unread, freed, tableSyncs } = laneDemand(input)
  const used = replication.source.slots.length
  return [
    ...shortage('slots-short', 'source', source, 'replication slot', 'max_replication_slots', used, lanes + tableSyncs - freed),
    ...shortage(
      'slots-short',
      'source',
      source,
      'WAL sender',
      'max_wal_senders',
      replication.source.walSenders,
      lanes + unread + tableSyncs,
    ),
  ]
}
