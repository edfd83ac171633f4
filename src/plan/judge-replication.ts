import { type Problem, problem, type Warning, warning } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import { subscriptionName } from '../sql/replication-names.ts'
import type { Pace } from './replication-pace.ts'
import type { LaneState, ReplicatedTable, ReplicationState, SubscriptionState } from './replication-state.ts'
import { counted, listed, spelled } from './rules/listing.ts'

export interface JudgedReplication {
  readonly database: string
  /** The reading before; undefined: there's none. */
  readonly earlier: ReplicationState | undefined
  readonly state: ReplicationState
  readonly pace: Pace
  /** Why a lane's worker fails, in the target's words, where its log could be read. */
  readonly reasons: ReadonlyMap<number, string>
}

/** Problems: nothing arrives, or won't for long. Warnings: something is left out, or may become a problem. */
export function judgeReplication(judged: JudgedReplication): (Problem | Warning)[] {
  const { database, state } = judged
  if (state.lanes.length === 0) return [notPrepared(database)]
  return [...state.lanes.flatMap((lane) => judgeLane(judged, lane)), ...judgeTables(judged), ...nearLoss(judged)]
}

export function notPrepared(database: string): Problem {
  return problem('not-prepared', `Nothing of ours replicates database ${database}.`, {
    database,
    hint: 'Run `init` without `snapshot-only`, then `sync`.',
  })
}

/** The worker isn't there at two looks, was started anew in between, or counted further errors. */
export function isFailing({ subscription }: LaneState, lane: LaneState | undefined): boolean {
  const before = lane?.subscription
  if (subscription == null || !subscription.enabled || before == null || !before.enabled) return false
  if (errorsOf(subscription) > errorsOf(before)) return true
  return subscription.workerPid === null
    ? before.workerPid === null
    : before.workerPid !== null && subscription.workerPid !== before.workerPid
}

function errorsOf({ errors }: SubscriptionState): bigint {
  return errors === null ? 0n : errors.apply + errors.sync
}

export function laneOf(state: ReplicationState | undefined, { lane }: LaneState): LaneState | undefined {
  return state?.lanes.find((one) => one.lane === lane)
}

function judgeLane(judged: JudgedReplication, lane: LaneState): (Problem | Warning)[] {
  const { database, state, earlier } = judged
  const { slot, slotName, subscription, publications } = lane
  const found: (Problem | Warning)[] = []
  if (state.sourceLsn !== null) {
    if (slot === null)
      found.push(problem('slot-lost', `Slot ${slotName} isn't there any more: what it kept can't arrive.`, afresh(database)))
    else if (slot.walStatus === 'lost')
      found.push(problem('slot-lost', `Slot ${slotName} is lost: the source has removed WAL that it needed.`, afresh(database, moreWal)))
    else if (publications.length === 0)
      found.push(
        problem('not-prepared', `Lane ${lane.lane} has no publication any more, and its slot can't be read without it.`, afresh(database)),
      )
  }
  if (subscription === null) found.push(notSubscribed(database, lane))
  else if (!subscription.enabled) found.push(disabled(judged, lane, subscription))
  else if (isFailing(lane, laneOf(earlier, lane))) found.push(applyFailed(judged, lane))
  return [...found, ...conflicts(database, lane)]
}

/** By somebody, or, with `disable_on_error`, by itself. */
function disabled({ database, reasons }: JudgedReplication, { lane }: LaneState, { name }: SubscriptionState): Problem {
  const reason = reasons.get(lane)
  const message = `Subscription ${name} is disabled${reason === undefined ? '.' : `. The last error of its workers was: ${reason}`}`
  const first = reason === undefined ? 'see the target server’s log first' : 'mend that first'
  return problem('apply-failed', message, {
    database,
    hint: `Run \`sync\`, which enables it. Where it disabled itself for an error (\`disable_on_error\`), ${first}.`,
  })
}

function notSubscribed(database: string, { lane, slotName }: LaneState): Warning {
  return warning('not-prepared', `Subscription ${subscriptionName(lane)} isn't there yet: slot ${slotName} keeps WAL for it.`, {
    database,
    hint: 'Run `sync`, which creates it.',
  })
}

const moreWal = ' A larger `max_slot_wal_keep_size` keeps WAL for longer.'

function afresh(database: string, more = ''): { readonly database: string; readonly hint: string } {
  return { database, hint: `Run \`cleanup\`, then \`init\` with \`drop-existing\`.${more}` }
}

function applyFailed({ database, reasons }: JudgedReplication, { lane, subscription }: LaneState): Problem {
  const reason = reasons.get(lane)
  const counts = subscription?.errors
  const seen =
    counts == null
      ? ''
      : ` (${counted(counts.apply, 'error')} while applying, ${counted(counts.sync, 'error')} while copying, since the statistics were reset)`
  return problem(
    'apply-failed',
    `The workers of subscription ${subscription?.name} fail, and are started again${seen}${reason === undefined ? '.' : `: ${reason}`}`,
    {
      database,
      hint:
        reason === undefined
          ? `The target server’s log has PostgreSQL’s message, in the lines of its logical replication workers. ${unreachable}`
          : `Mend that on the target, and replication goes on by itself: a row in the way is deleted there, a missing column added. ${unreachable}`,
    },
  )
}

const unreachable =
  'If the source can’t be reached since it has moved or changed its password: `sync` tells the subscription what `source` is now.'

/** From 18 on; most of them leave a row of the target as it was. https://www.postgresql.org/docs/current/logical-replication-conflicts.html */
function conflicts(database: string, { subscription }: LaneState): Warning[] {
  const found = (subscription?.errors?.conflicts ?? []).map(({ kind, count }) => `${kind} ${count.toLocaleString('en-US')}`)
  if (subscription === null || found.length === 0) return []
  return [
    warning('apply-failed', `Subscription ${subscription.name} met conflicts: ${listed(found)}. Somebody else writes on the target.`, {
      database,
      hint: '`verify` shows which tables differ. The target server’s log names the rows. `pg_stat_reset_subscription_stats` forgets what was counted.',
    }),
  ]
}

function judgeTables({ database, state: { tables, lanes, sourceLsn } }: JudgedReplication): Warning[] {
  if (sourceLsn === null) return []
  const subscribed = new Set(lanes.filter(({ subscription }) => subscription !== null).map(({ lane }) => lane))
  const unknown = tables.filter(({ state, published, lane }) => state === null && published !== null && subscribed.has(lane))
  const gone = new Set(lanes.filter(({ publications }) => publications.length === 0).map(({ lane }) => lane))
  const unpublished = tables.filter(({ published, state, lane }) => published === null && state !== null && !gone.has(lane))
  const underWay = tables.filter(({ published, state }) => published === null && state === null)
  return [
    ...notReplicated(database, unknown, 'published, but no subscription has taken them in yet'),
    ...notReplicated(database, unpublished, 'subscribed, but no publication has them any more'),
    ...notReplicated(database, underWay, 'to be copied anew, which a run that was stopped has left undone'),
  ]
}

function notReplicated(database: string, tables: readonly ReplicatedTable[], what: string): Warning[] {
  const [first] = tables
  if (first === undefined) return []
  const names = tables.map(({ schema, name }) => spelled(schema, name))
  return [
    warning('table-not-replicated', `${counted(tables.length, 'table')} ${what}: ${listed(names)}.`, {
      database,
      hint: 'Run `sync`, which mends it.',
      ...(tables.length === 1 ? { relation: qualified(first) } : {}),
    }),
  ]
}

/** Seconds until a slot is lost that are worth a warning. */
const soon = 3600

/** WAL that an idle slot may keep without a word. */
const much = 2n ** 30n

function nearLoss({ database, state: { sourceLsn, lanes }, pace: { secondsToLoss } }: JudgedReplication): Warning[] {
  const hint =
    'See why it doesn’t move on; `cleanup` drops it where it’s no longer needed. A larger `max_slot_wal_keep_size` keeps WAL for longer.'
  const retained = lanes.flatMap(({ slot, slotName }) => {
    if (slot === null || slot.walStatus === 'lost') return []
    if (slot.walStatus === 'unreserved')
      return [warning('wal-retained', `Slot ${slotName} is about to be lost: the source may remove WAL that it needs.`, { database, hint })]
    const kept = sourceLsn === null || slot.restartLsn === null ? 0n : sourceLsn - slot.restartLsn
    if (slot.active || kept < much) return []
    return [
      warning('wal-retained', `Nobody reads from slot ${slotName}, for which the source keeps ${mebibytes(kept)} of WAL.`, {
        database,
        hint,
      }),
    ]
  })
  if (retained.length > 0 || secondsToLoss === null || secondsToLoss > soon) return retained
  const minutes = Math.max(1, Math.round(secondsToLoss / 60))
  return [
    warning('wal-retained', `At the present rate the source removes WAL that a slot needs in ${counted(minutes, 'minute')}.`, {
      database,
      hint,
    }),
  ]
}

function mebibytes(bytes: bigint): string {
  return `${(bytes / 1024n ** 2n).toLocaleString('en-US')} MB`
}
