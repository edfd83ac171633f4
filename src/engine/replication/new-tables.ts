import { type Warning, warning } from '../../errors.ts'
import type { DatabasePlan, TablePlan } from '../../plan/plan.ts'
import { counted, listed, spelled } from '../../plan/rules/listing.ts'
import { isCopied } from '../copy/copy-run.ts'
import type { LedgerState } from '../ledger.ts'

/** Tables with rows that came to be on the source, or into scope, after the copy was complete. */
export function newTables({ tables }: Pick<DatabasePlan, 'tables'>, progress: LedgerState): TablePlan[] {
  return tables.filter((table) => (table.rule === 'copy' || table.rule === 'filtered') && !isCopied(progress, table))
}

export function newTablesWarning(database: string, tables: readonly TablePlan[]): Warning {
  const names = tables.map(({ schema, name }) => spelled(schema, name))
  return warning('table-not-replicated', `${counted(names.length, 'table')} of the source not on the target: ${listed(names)}`, {
    database,
    hint: '`sync` with `add-tables` brings them in; or leave them out with `exclude-tables`.',
  })
}
