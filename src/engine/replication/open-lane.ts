import type { Phase } from '../../events.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { slotName } from '../../sql/replication-names.ts'
import { isCopied } from '../copy/copy-run.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { Ledger, LedgerState } from '../ledger.ts'
import { openSnapshot, type Snapshot } from '../snapshot-relay.ts'
import { awaitSlot } from './await-slot.ts'
import { isFollowedByLane } from './lanes.ts'
import { leaveLane } from './leave-lane.ts'
import { publish } from './publish.ts'

export interface OpenLane extends AsyncDisposable {
  readonly lane: number
  readonly snapshot: Snapshot
}

type During = <T>(run: DatabaseRun, name: Phase, body: () => Promise<T>) => Promise<T>

/**
 * The snapshot under which all that is missing is copied. With replication it's that of a new slot, whose publication is there before it: from
 * the slot's consistent point on, it keeps every change that the snapshot doesn't see.
 */
export async function openLane(run: DatabaseRun, ledger: Ledger, during: During): Promise<OpenLane> {
  const { replication } = run.plan
  const lane = await ledger.nextLane()
  const tables = replication === null ? [] : tablesToFollow(run, await ledger.read())
  if (replication === null || tables.length === 0) {
    const snapshot = await during(run, 'snapshot', () => openSnapshot(run))
    await ledger.openLane({ lane, slot: null }, snapshot.lsn)
    return { lane, snapshot, [Symbol.asyncDispose]: () => snapshot[Symbol.asyncDispose]() }
  }
  const slot = slotName(run.database, lane)
  await during(run, 'publish', () => publish(run, replication, { lane, slot, tables }))
  const snapshot = await during(run, 'snapshot', async () => {
    await using created = await awaitSlot(run, slot)
    return await openSnapshot(run, created)
  })
  const leave = async () => {
    await snapshot[Symbol.asyncDispose]()
    await leaveLane(run, { lane, slot })
  }
  try {
    await ledger.openLane({ lane, slot }, snapshot.lsn)
  } catch (error) {
    await leave()
    throw error
  }
  return { lane, snapshot, [Symbol.asyncDispose]: leave }
}

/** Published tables that no lane has yet. */
function tablesToFollow({ plan }: DatabaseRun, progress: LedgerState): TablePlan[] {
  return plan.tables.filter((table) => isFollowedByLane(table) && !isCopied(progress, table))
}
