import { ReplicatorError, warning } from '../../errors.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import { openSession } from '../../pg/session.ts'
import { closeLaneSql } from '../../sql/ledger.ts'
import { isCopied } from '../copy/copy-run.ts'
import { type DatabaseRun, newOutcome } from '../database-run.ts'
import { readLedgerState } from '../ledger.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { dropLane } from './drop-lane.ts'
import { finishedTables, isFollowedByLane } from './lanes.ts'
import { settleLane } from './settle-lane.ts'

/** Milliseconds: a runner that was told to stop kills us soon. */
const afterSignal = 5000

/**
 * What the end of a run owes its lane. Whole: nothing, `sync` subscribes it. Without a finished table: it goes, slot first, so that nothing keeps log for
 * nothing. Else it's trimmed and subscribed now, or, when a signal leaves no time for that, by the next run.
 */
export async function leaveLane(run: DatabaseRun, lane: { readonly lane: number; readonly slot: string }): Promise<void> {
  const hurried = run.signal.aborted && !isBudget(run.signal.reason)
  const left = hurried || run.secondsToSettle === null ? afterSignal : run.secondsToSettle * 1000
  const signal = run.signal.aborted ? AbortSignal.timeout(left) : run.signal
  try {
    await leave({ ...run, signal }, lane, hurried)
  } catch (error) {
    if (run.signal.aborted || signal.aborted) keptWarning(run, lane.slot, 'there was no time left to settle it')
    else keptWarning(run, lane.slot, toReplicatorError(error).message)
  }
}

async function leave(run: DatabaseRun, { lane, slot }: { lane: number; slot: string }, hurried: boolean): Promise<void> {
  const { source, target, database, signal } = run
  await using to = await openSession(target, { database, signal })
  // What has taken over settles the lane itself, and may have one of the same name by now.
  await runWhileOurs(to, 'select')
  const progress = await readLedgerState(to)
  const finished = finishedTables(run, progress, lane)
  const whole = run.plan.tables.every((table) => !isFollowedByLane(table) || isCopied(progress, table))
  if (whole) return
  await using from = await openSession(source, { database, signal })
  if (finished.length === 0) {
    await dropLane({ source: from, target: to, lane, slot })
    await to.run(closeLaneSql(lane))
  } else if (hurried) keptWarning(run, slot, 'the run was stopped')
  else await settleLane(run, { source: from, target: to }, { lane, slot, tables: finished }, newOutcome())
}

function isBudget(reason: unknown): boolean {
  return reason instanceof ReplicatorError && reason.code === 'time-budget'
}

function keptWarning({ emit, database }: DatabaseRun, slot: string, why: string): void {
  const message = `the slot ${slot} keeps the source's write-ahead log until the next run: ${why}`
  const hint = 'Start the command again soon: it goes on where it was. Or run cleanup, if the replication is not wanted any more.'
  emit({ type: 'warning', warning: warning('wal-retained', message, { database, hint }) })
}
