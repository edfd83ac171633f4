import type { TablePlan } from '../../plan/plan.ts'
import { type DatabaseOutcome, type DatabaseRun, forgetFailures } from '../database-run.ts'
import { type Ledger, type LedgerState, ledgerKey } from '../ledger.ts'

/** Copied by us, and published; the target's own table synchronisation has a lane for the others. */
export function isFollowedByLane({ publish, tableSync }: TablePlan): boolean {
  return publish !== null && !tableSync
}

/** The lane's tables that are copied whole, or left to table synchronisation, and published: they stay its own for ever. */
export function finishedTables({ plan }: Pick<DatabaseRun, 'plan'>, progress: LedgerState, lane: number): TablePlan[] {
  return plan.tables.filter((table) => {
    const parts = progress.copied.get(ledgerKey(table)) ?? []
    return table.publish !== null && parts.length > 0 && parts.every((part) => part.parts === parts.length && part.lane === lane)
  })
}

/**
 * With several, foreign keys wait for `sync`: a child that is followed in one lane can be ahead of its parent in another, and a TRUNCATE of both, which
 * arrives as two, would be refused for ever.
 */
export async function isOneLane(ledger: Ledger): Promise<boolean> {
  return followedLanes(await ledger.read()).length < 2
}

export interface FollowedLane {
  readonly lane: number
  readonly slot: string
}

export interface NotedLane extends FollowedLane {
  readonly subscribed: boolean
}

/** The lanes that something follows. */
export function followedLanes({ lanes }: Pick<LedgerState, 'lanes'>): NotedLane[] {
  return lanes.flatMap(({ slot, ...lane }) => (slot === null ? [] : [{ ...lane, slot }]))
}

/** Lanes that one run opens by itself. */
const lanesPerRun = 8

/**
 * The application's own TRUNCATE or ALTER TABLE takes a table out of the snapshot, and another snapshot of it may do. Only where a lane follows
 * on each; what failed is forgotten then.
 */
export function mayGoOnInNewLane({ plan }: DatabaseRun, outcome: DatabaseOutcome): boolean {
  const again = outcome.failures.length > 0 && outcome.failures.every(({ code }) => code === 'table-rewritten')
  if (plan.replication === null || !again || ++outcome.lanes >= lanesPerRun) return false
  forgetFailures(outcome)
  return true
}
