import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { isSlotOf } from './own-names.ts'
import type { RuleInput } from './rule.ts'

/** What a slot lost can't arrive any more. A copy that isn't complete brings its tables anew; where it starts over the slot is dropped anyway. */
export function lostSlots({ observed, config, databases }: RuleInput): (Problem | Warning)[] {
  return databases
    .filter(({ action }) => config.command === 'sync' || action === 'resume' || action === 'complete')
    .flatMap(({ action, pair: { source } }) =>
      (observed.replication?.source.slots ?? [])
        .filter((slot) => slot.walStatus === 'lost' && isSlotOf(source.name, slot))
        .map((slot) =>
          action === 'resume' && config.command !== 'sync' ? again(source.name, slot.name) : missing(source.name, slot.name),
        ),
    )
}

function again(database: string, slot: string): Warning {
  return warning(
    'slot-lost',
    `The source has dropped the log that replication slot ${slot} still needed: what was copied for it is copied anew.`,
    {
      database,
      hint: `${raise}, or it happens again.`,
    },
  )
}

function missing(database: string, slot: string): Problem {
  return problem('slot-lost', `The source has dropped the log that replication slot ${slot} still needed: changes are missing for good.`, {
    database,
    hint: `Run cleanup, then init with drop-existing. ${raise} before.`,
  })
}

const raise = 'Raise max_slot_wal_keep_size (18: idle_replication_slot_timeout too)'
