import type { DatabasePlan, TablePlan } from '../../plan/plan.ts'
import { isCopied } from '../copy/copy-run.ts'
import type { LedgerState } from '../ledger.ts'

/** Tables with rows that came to be on the source, or into scope, after the copy was complete. */
export function newTables({ tables }: Pick<DatabasePlan, 'tables'>, progress: LedgerState): TablePlan[] {
  return tables.filter((table) => (table.rule === 'copy' || table.rule === 'filtered') && !isCopied(progress, table))
}
