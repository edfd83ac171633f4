import type { TablePlan } from '../../plan/plan.ts'
import type { DatabaseRun } from '../database-run.ts'
import { type Ledger, type LedgerState, ledgerKey } from '../ledger.ts'

/** Copied by us, and published; the target's own table synchronisation has a lane for the others. */
export function isFollowedByLane({ publish, tableSync }: TablePlan): boolean {
  return publish !== null && !tableSync
}

/** The lane's tables that are copied whole and published: they stay its own for ever. */
export function finishedTables({ plan }: Pick<DatabaseRun, 'plan'>, progress: LedgerState, lane: number): TablePlan[] {
  return plan.tables.filter((table) => {
    const parts = progress.copied.get(ledgerKey(table)) ?? []
    return isFollowedByLane(table) && parts.length > 0 && parts.every((part) => part.parts === parts.length && part.lane === lane)
  })
}

/**
 * With several, foreign keys wait for `sync`: a child that is followed in one lane can be ahead of its parent in another, and a TRUNCATE of both, which
 * arrives as two, would be refused for ever.
 */
export async function isOneLane(ledger: Ledger): Promise<boolean> {
  const { lanes } = await ledger.read()
  return lanes.filter(({ slot }) => slot !== null).length < 2
}
