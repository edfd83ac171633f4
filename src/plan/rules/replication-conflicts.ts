import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import type { LaneMark } from '../../sql/replication-mark.ts'
import type { ObservedReplicationDatabase } from '../observed-replication.ts'
import { spelled } from './listing.ts'
import { isOwnPublication, isOwnSubscription, isSlotOf } from './own-names.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** Names that this replication needs, and that are something else's. */
export function replicationConflicts(input: RuleInput): (Problem | Warning)[] {
  const { replication } = input.observed
  if (replication === null) return []
  return input.databases.flatMap((database) => {
    const facts = replication.databases.get(database.pair.source.name)
    return facts === undefined
      ? []
      : [...publications(input, database, facts), ...slots(input, database, facts), ...subscriptions(input, database)]
  })
}

function publications({ observed }: RuleInput, { pair: { source } }: ScopedDatabase, facts: ObservedReplicationDatabase): Problem[] {
  return facts.publications
    .filter(({ name }) => isOwnPublication(name))
    .flatMap(({ name, mark }) => {
      const whose = stranger(mark, observed.target.systemIdentifier, 'to another target')
      if (whose === null) return []
      return conflict(`Publication ${name} of the source ${whose}.`, source.name, mark, `DROP PUBLICATION ${identifier(name)};`)
    })
}

/** A slot bears no mark: a publication of ours, or the ledger, has to name it. */
function slots({ observed }: RuleInput, { pair }: ScopedDatabase, { publications }: ObservedReplicationDatabase): Problem[] {
  const { name: database } = pair.source
  const named = new Set([
    ...publications.flatMap(({ mark }) => (mark === null ? [] : [mark.slot])),
    ...(pair.target?.content?.ledger?.lanes ?? []).map(({ slot }) => slot),
  ])
  return (observed.replication?.source.slots ?? [])
    .filter((slot) => isSlotOf(database, slot))
    .filter((slot) => !named.has(slot.name) || slot.database !== database || slot.plugin !== 'pgoutput')
    .map((slot) =>
      conflict(
        `Replication slot ${slot.name} of the source isn't this tool's, or what it belonged to is gone.`,
        database,
        null,
        `SELECT pg_drop_replication_slot('${slot.name}');`,
      ),
    )
}

function subscriptions({ observed }: RuleInput, { pair: { source } }: ScopedDatabase): Problem[] {
  return (observed.replication?.target.subscriptions ?? [])
    .filter(({ database, name }) => database === source.name && isOwnSubscription(name))
    .flatMap(({ name, mark }) => {
      const whose = stranger(mark, observed.source.systemIdentifier, 'from another source')
      if (whose === null) return []
      return conflict(`Subscription ${name} of the target ${whose}.`, source.name, mark, `DROP SUBSCRIPTION ${identifier(name)};`)
    })
}

/** Null: ours, or not to be told from ours, as the role may not read who the servers are. */
function stranger(mark: LaneMark | null, peer: string, direction: string): string | null {
  if (mark === null) return "isn't this tool's"
  return peer !== '' && mark.peer !== '' && mark.peer !== peer ? `is of a replication ${direction}` : null
}

function conflict(message: string, database: string, mark: LaneMark | null, sql: string): Problem {
  return problem('replication-conflict', message, {
    hint:
      mark === null
        ? 'Rename or drop it, if nobody needs it.'
        : `End that replication first: cleanup, with the URLs it was made with; its other side is database ${spelled(mark.database)}.`,
    sql,
    database,
  })
}
