import { toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import type { IndexDefinition } from '../../plan/definitions.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { qualified } from '../../sql/identifier.ts'
import { attachConstraintSql, createIndexSql, describeIndexSql, isAttachable } from '../../sql/index.ts'
import type { CopyWorker } from '../copy-worker.ts'
import { ledgerKey } from '../ledger.ts'
import type { WorkItem } from '../work-pool.ts'
import { type IndexRun, reportFailure } from './copy-run.ts'

type Item = WorkItem<CopyWorker>

/** Bytes up to which all that follows a table's rows goes in one message, ANALYZE included. */
const smallTable = 16n * 1024n * 1024n

export function isSmall({ heapBytes, toastBytes }: Pick<TablePlan, 'heapBytes' | 'toastBytes'>): boolean {
  return heapBytes + toastBytes <= smallTable
}

/** Tables per message when there are no rows to index. */
const batchSize = 100

/**
 * What follows a table's rows: every index, then the constraints that take the indexes over. Constraints wait for all indexes of
 * their table: side by side the two lock each other out. Statistics of large tables come later: see after-copy/analyze-large.ts.
 */
export function buildIndexesItems(run: IndexRun, table: TablePlan): Item[] {
  const missing = missingIndexes(run, table)
  const last = [...constraintStatements(run, table), ...(isSmall(table) ? [`analyze ${qualified(table)}`] : [])]
  const bytes = table.heapBytes + table.toastBytes
  if (isSmall(table) || missing.length === 0) {
    return [{ weight: Number(bytes), run: (worker) => finishTable(run, table, [...missing.map(createIndexSql), ...last], worker) }]
  }
  let left = missing.length
  return missing.map((index) => ({
    // Lighter than the table's copy was, heavier than any table that is smaller.
    weight: Number(bytes),
    run: async (worker, pool) => {
      const started = performance.now()
      announce(run, table, 1)
      const parallel = pool.crowded ? 'set max_parallel_maintenance_workers = 0' : 'reset max_parallel_maintenance_workers'
      const done = await attempt(run, table, worker, [parallel, createIndexSql(index)])
      if (done) run.emit({ type: 'indexes-finished', ...names(run, table), count: 1, seconds: (performance.now() - started) / 1000 })
      left -= 1
      if (left === 0) pool.add({ weight: Number(bytes), run: (one) => finishTable(run, table, last, one) })
    },
  }))
}

/** Tables without rows to copy now: many per message; where one fails, each by itself. */
export function finishEmptyTables(run: IndexRun, tables: readonly TablePlan[]): Item[] {
  const pending = tables
    .map((table) => ({ table, statements: [...missingIndexes(run, table).map(createIndexSql), ...constraintStatements(run, table)] }))
    .filter(({ statements }) => statements.length > 0)
  return Array.from({ length: Math.ceil(pending.length / batchSize) }, (_, number) => {
    const batch = pending.slice(number * batchSize, (number + 1) * batchSize)
    return {
      weight: Number(batch.reduce((sum, { table }) => sum + table.heapBytes, 0n)),
      run: async (worker) => {
        const target = await worker.target()
        try {
          await target.run(batch.flatMap(({ statements }) => statements).join(';\n'))
        } catch {
          run.signal.throwIfAborted()
          for (const { table, statements } of batch) await finishTable(run, table, statements, worker)
        }
      },
    }
  })
}

async function finishTable(run: IndexRun, table: TablePlan, statements: readonly string[], worker: CopyWorker): Promise<void> {
  const started = performance.now()
  announce(run, table, statements.length)
  if (await attempt(run, table, worker, statements)) {
    run.emit({ type: 'indexes-finished', ...names(run, table), count: statements.length, seconds: (performance.now() - started) / 1000 })
  }
}

/** All statements in one message; when it fails, one after the other, so that each failure is named and the rest stands. */
async function attempt(run: IndexRun, table: TablePlan, worker: CopyWorker, statements: readonly string[]): Promise<boolean> {
  const target = await worker.target()
  try {
    await target.run(statements.join(';\n'))
    return true
  } catch (error) {
    run.signal.throwIfAborted()
    if (!target.alive) throw error
  }
  let complete = true
  for (const statement of statements) {
    complete = (await runAlone(run, table, target, statement)) && complete
  }
  return complete
}

async function runAlone(run: IndexRun, table: TablePlan, target: Session, statement: string): Promise<boolean> {
  try {
    await target.run(statement)
    return true
  } catch (cause) {
    run.signal.throwIfAborted()
    const error = toReplicatorError(cause, { database: run.database })
    if (!target.alive) throw error
    reportFailure(run, table, {
      ...error.finding,
      code: statement.startsWith('alter table') ? 'constraint-failed' : 'index-failed',
      relation: qualified(table),
      hint: [error.finding.hint, 'The rows are there. Mend the cause and start the command again: what is missing is built.']
        .filter((one) => one !== undefined)
        .join(' '),
      sql: `${statement};`,
    })
    return false
  }
}

function missingIndexes(run: IndexRun, table: TablePlan): IndexDefinition[] {
  return indexesOf(run, table).filter(
    (index) =>
      (index.constraint === null || isAttachable(index)) &&
      !run.schema.standing.indexes.has(ledgerKey({ schema: table.schema, name: index.name })),
  )
}

function constraintStatements(run: IndexRun, table: TablePlan): string[] {
  const indexes = indexesOf(run, table)
  const unattached = indexes.filter(
    ({ constraint }) =>
      constraint !== null && !run.schema.standing.constraints.has(JSON.stringify([table.schema, table.name, constraint.name])),
  )
  return [
    ...unattached.flatMap((index) => attachConstraintSql(table, index)),
    ...indexes.flatMap((index) => describeIndexSql(table, index)),
  ]
}

function indexesOf(run: IndexRun, table: TablePlan): readonly IndexDefinition[] {
  return run.schema.indexesByTable.get(table.oid) ?? []
}

function announce(run: IndexRun, table: TablePlan, count: number): void {
  run.emit({ type: 'indexes-started', ...names(run, table), count })
}

function names(run: IndexRun, table: TablePlan) {
  return { database: run.database, table: { schema: table.schema, name: table.name } }
}
