import { type Problem, problem, type Warning, warning } from '../errors.ts'
import type { RelationName } from '../events.ts'
import { qualified } from '../sql/identifier.ts'
import type { LaneState, ReplicationState } from './replication-state.ts'
import { counted, listed } from './rules/listing.ts'

/** Why a table may differ although nothing is wrong, or why it can't be told. */
export type Unsettled = 'insert-only' | 'not-followed' | 'behind' | 'busy'

/** The lane that brings a table's changes, or why nothing can be expected of what differs. */
export type Following =
  | { readonly kind: 'lane'; readonly lane: LaneState }
  | { readonly kind: 'unsettled'; readonly why: Unsettled; readonly reason: string }

export function followingOf({ schema, name }: RelationName, { tables, lanes }: ReplicationState): Following {
  const table = tables.find((one) => one.schema === schema && one.name === name)
  if (table === undefined) return unsettled('not-followed', 'its changes are not replicated')
  if (table.published === null) return unsettled('behind', 'no publication has it any more until `sync` is run')
  if (table.published === 'inserts') return unsettled('insert-only', 'only its inserts are replicated, by design')
  const lane = lanes.find((one) => one.lane === table.lane)
  if (lane?.subscription == null || table.state === null) return unsettled('behind', 'its changes wait on the source until `sync` is run')
  if (!lane.subscription.enabled) return unsettled('behind', `subscription ${lane.subscription.name} is disabled`)
  if (table.state !== 'ready') return unsettled('behind', 'the target is still copying its rows')
  return { kind: 'lane', lane }
}

function unsettled(why: Unsettled, reason: string): Following {
  return { kind: 'unsettled', why, reason }
}

/** What is as it's meant to be is a warning; what couldn't be told is a problem: it may hide a difference. */
export function unsettledFindings(database: string, tables: ReadonlyMap<RelationName, Unsettled>): (Problem | Warning)[] {
  const of = (why: Unsettled) => [...tables].filter(([, one]) => one === why).map(([table]) => qualified(table))
  return [
    ...about(of('insert-only'), (names) =>
      warning('insert-only', `Of ${names} only inserts are replicated, and the target differs by design.`, {
        database,
        hint: 'What the source updates or deletes stays on the target as it was.',
      }),
    ),
    ...about(of('not-followed'), (names) =>
      warning('table-not-replicated', `Copied once and not replicated, so the target differs: ${names}.`, {
        database,
        hint: '`sync` with `add-tables` brings in new tables; `status` tells of the others.',
      }),
    ),
    ...about(of('behind'), (names) =>
      problem('lag-not-met', `The target is behind, so it can't be told whether it's equal: ${names}.`, {
        database,
        hint: 'See `status`, wait until the target has caught up, and run `verify` again; `wait` lets it wait for longer.',
      }),
    ),
    ...about(of('busy'), (names) =>
      problem('table-busy', `Written to without a pause that \`max-hold\` would allow, so it can't be told whether it's equal: ${names}.`, {
        database,
        hint: 'Run `verify` again when less is written, or give a longer `max-hold`.',
      }),
    ),
  ]
}

function about<T>(names: readonly string[], finding: (names: string) => T): T[] {
  return names.length === 0 ? [] : [finding(`${counted(names.length, 'table')} (${listed(names)})`)]
}
