import { warning } from '../../errors.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { type CopyWorker, openCopyWorker } from '../copy-worker.ts'
import { ledgerKey } from '../ledger.ts'
import { runPool, type WorkItem, type WorkPool } from '../work-pool.ts'
import { buildIndexesItems, finishEmptyTables } from './build-indexes.ts'
import { type CopyRun, isCopied } from './copy-run.ts'
import { copyPart, startOver } from './copy-table.ts'
import { recordEmptyTables } from './empty-tables.ts'

type Item = WorkItem<CopyWorker>

/**
 * Rows in parallel, biggest first; a table's indexes and constraints as soon as its rows are there, in the same pool. A table
 * that fails doesn't stop the others: it stands in `outcome.failed`.
 */
export async function copyTables(run: CopyRun): Promise<void> {
  const withRows = run.plan.tables.filter((table) => (table.rule === 'copy' || table.rule === 'filtered') && !table.tableSync)
  const done = withRows.filter((table) => isCopied(run.ledger, table))
  for (const table of done) noteResumed(run, table)
  const missing = withRows.filter((table) => !isCopied(run.ledger, table))
  const empty = await recordEmptyTables(run, missing)
  const filled = missing.filter((table) => !empty.has(table.oid))
  announce(run, filled, done.length)
  if (run.plan.replication === null && done.length > 0 && missing.length > 0) warnOfSeveralSnapshots(run, done.length)

  const small = [
    ...run.plan.tables.filter((table) => table.rule === 'schema-only' || table.rule === 'empty' || table.tableSync || empty.has(table.oid)),
    ...done,
  ]
  const own = filled.filter(({ extension }) => extension === null)
  const items: Item[] = [...extensionItems(run, filled), ...own.map((table) => copyItem(run, table)), ...finishEmptyTables(run, small)]
  await runPool({ count: run.jobs, open: () => openCopyWorker(run), close: (worker) => worker.close() }, items, run.signal)
}

function copyItem(run: CopyRun, table: TablePlan): Item {
  const weight = Number(table.heapBytes + table.toastBytes)
  const [whole] = table.parts
  if (table.parts.length === 1 && whole !== undefined) {
    return {
      weight,
      run: async (worker, pool) => {
        if (await copyPart(run, table, whole, 0, worker)) addIndexes(run, table, pool)
      },
    }
  }
  return { weight, run: (worker, pool) => splitTable(run, table, weight, worker, pool) }
}

/** An extension's tables one after the other, in the plan's order: their foreign keys stand already. */
function extensionItems(run: CopyRun, filled: readonly TablePlan[]): Item[] {
  const byExtension = new Map<string, TablePlan[]>()
  for (const table of filled) {
    if (table.extension !== null) byExtension.set(table.extension, [...(byExtension.get(table.extension) ?? []), table])
  }
  return [...byExtension.values()].map((tables) => ({
    weight: Number.MAX_SAFE_INTEGER,
    run: async (worker, pool) => {
      for (const table of tables) {
        if (!(await copyPart(run, table, { by: 'whole' }, 0, worker))) return
        addIndexes(run, table, pool)
      }
    },
  }))
}

/** A table in parts is emptied once; then its parts may go side by side, and the last one brings the indexes. */
async function splitTable(run: CopyRun, table: TablePlan, weight: number, worker: CopyWorker, pool: WorkPool<CopyWorker>): Promise<void> {
  if (!(await startOver(run, table, worker))) return
  let left = table.parts.length
  for (const [number, part] of table.parts.entries()) {
    pool.add({
      weight: weight / table.parts.length,
      run: async (one) => {
        if (run.outcome.failed.has(ledgerKey(table))) return
        if (!(await copyPart(run, table, part, number, one))) return
        left -= 1
        if (left === 0) addIndexes(run, table, pool)
      },
    })
  }
}

function addIndexes(run: CopyRun, table: TablePlan, pool: WorkPool<CopyWorker>): void {
  for (const item of buildIndexesItems(run, table)) pool.add(item)
}

function noteResumed(run: CopyRun, table: TablePlan): void {
  const parts = run.ledger.copied.get(ledgerKey(table)) ?? []
  run.outcome.copied.set(ledgerKey(table), {
    rows: parts.reduce((sum, part) => sum + part.rows, 0n),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0n),
    seconds: parts.reduce((sum, part) => sum + part.seconds, 0),
    resumed: true,
  })
}

/** Without replication nothing brings them to one moment. */
function warnOfSeveralSnapshots(run: CopyRun, earlier: number): void {
  const message = `${earlier} tables were copied under an earlier snapshot than the rest`
  const hint =
    'If the source was written to in between, tables may not fit together: `verify` tells; `no-resume` copies all under one snapshot.'
  run.emit({ type: 'warning', warning: warning('several-snapshots', message, { database: run.database, hint }) })
}

function announce(run: CopyRun, filled: readonly TablePlan[], skippedTables: number): void {
  run.emit({
    type: 'copy-planned',
    database: run.database,
    tables: filled.length,
    skippedTables,
    bytes: filled.reduce((sum, table) => sum + table.heapBytes + table.toastBytes, 0n),
    rows: filled.reduce((sum, table) => sum + table.estimatedRows, 0n),
  })
}
