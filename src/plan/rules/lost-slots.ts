import { type Problem, problem, type Warning } from '../../errors.ts'
import { isSlotOf } from './own-names.ts'
import type { RuleInput } from './rule.ts'

/** What a slot lost can't arrive any more. Where the copy starts over it's dropped anyway. */
export function lostSlots({ observed, config, databases }: RuleInput): (Problem | Warning)[] {
  return databases
    .filter(({ action }) => config.command === 'sync' || action === 'resume' || action === 'complete')
    .flatMap(({ pair: { source } }) =>
      (observed.replication?.source.slots ?? [])
        .filter((slot) => slot.walStatus === 'lost' && isSlotOf(source.name, slot))
        .map((slot) =>
          problem(
            'slot-lost',
            `The source has dropped the log that replication slot ${slot.name} still needed: changes are missing for good.`,
            {
              hint: 'Run cleanup, then init with no-resume. Raise max_slot_wal_keep_size before (18: idle_replication_slot_timeout too).',
              database: source.name,
            },
          ),
        ),
    )
}
