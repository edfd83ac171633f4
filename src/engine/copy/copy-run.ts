import type { Problem } from '../../errors.ts'
import type { TablePlan } from '../../plan/plan.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { type LedgerState, ledgerKey } from '../ledger.ts'
import type { SourceSchema } from '../schema/read-schema.ts'
import type { Snapshot } from '../snapshot-relay.ts'

/** What all parts of one database's copy share. */
export interface CopyRun extends DatabaseRun {
  readonly snapshot: Snapshot
  readonly lane: number
  readonly schema: SourceSchema
  /** As it stood before this run. */
  readonly ledger: LedgerState
  readonly outcome: DatabaseOutcome
}

/** As much of it as indexes need. */
export interface IndexRun extends DatabaseRun {
  readonly schema: Pick<SourceSchema, 'indexesByTable' | 'standing'>
  readonly outcome: DatabaseOutcome
}

/** Complete under an earlier snapshot: never touched again. */
export function isCopied(ledger: LedgerState, table: { readonly schema: string; readonly name: string }): boolean {
  const parts = ledger.copied.get(ledgerKey(table))
  return parts !== undefined && parts.length > 0 && parts.every((part) => part.parts === parts.length)
}

export function reportFailure(run: IndexRun, table: TablePlan, finding: Problem): void {
  run.outcome.failed.set(ledgerKey(table), finding)
  run.outcome.failures.push(finding)
  run.emit({ type: 'table-failed', database: run.database, table: { schema: table.schema, name: table.name }, finding })
}
