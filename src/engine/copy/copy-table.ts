import pRetry, { AbortError } from 'p-retry'
import { type Code, ReplicatorError } from '../../errors.ts'
import { type CopyRelayResult, relayCopy } from '../../pg/copy-relay.ts'
import { serverError, toReplicatorError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import type { TablePart, TablePlan } from '../../plan/plan.ts'
import { loadPartSql, loadWholeSql, readTableSql } from '../../sql/copy.ts'
import { qualified } from '../../sql/identifier.ts'
import { type CopiedRow, forgetCopiedSql, recordCopiedSql, recordWholeSql } from '../../sql/ledger.ts'
import type { CopyWorker } from '../copy-worker.ts'
import { ledgerKey } from '../ledger.ts'
import { isPassing } from '../passing.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { type CopyRun, reportFailure } from './copy-run.ts'

/** Milliseconds between two progress events of one table. */
const progressEvery = 200

/**
 * Copies one part, or a whole table, with its ledger row in the same transaction. A lost connection is tried again: a whole
 * table is emptied in the same transaction, a part's rows go with its rollback. False: it failed, and was reported.
 */
export async function copyPart(run: CopyRun, table: TablePlan, part: TablePart, number: number, worker: CopyWorker): Promise<boolean> {
  const names = { database: run.database, table: { schema: table.schema, name: table.name } }
  const parts = table.parts.length
  run.emit({ type: 'table-started', ...names, part: number, parts, estimatedBytes: (table.heapBytes + table.toastBytes) / BigInt(parts) })
  try {
    const started = performance.now()
    const { rows, bytes } = await retrying(run, () => copyOnce(run, table, part, number, worker))
    const seconds = (performance.now() - started) / 1000
    const before = run.outcome.copied.get(ledgerKey(table)) ?? { rows: 0n, bytes: 0n, seconds: 0 }
    run.outcome.copied.set(ledgerKey(table), {
      rows: before.rows + rows,
      bytes: before.bytes + bytes,
      seconds: before.seconds + seconds,
      resumed: false,
    })
    run.emit({ type: 'table-finished', ...names, part: number, parts, rows, bytes, seconds })
    return true
  } catch (error) {
    return giveUp(run, table, error)
  }
}

/** Empties a table whose parts are to be copied, and forgets those of an earlier snapshot. False: it failed, and was reported. */
export async function startOver(run: CopyRun, table: TablePlan, worker: CopyWorker): Promise<boolean> {
  try {
    // One message without BEGIN is a transaction that a failure doesn't leave open for the worker's next table.
    await retrying(run, async () => runWhileOurs(await worker.target(), `truncate only ${qualified(table)};\n${forgetCopiedSql(table)}`))
    return true
  } catch (error) {
    return giveUp(run, table, error)
  }
}

async function copyOnce(run: CopyRun, table: TablePlan, part: TablePart, number: number, worker: CopyWorker): Promise<CopyRelayResult> {
  const [source, target] = await Promise.all([worker.source(), worker.target()])
  const started = performance.now()
  const names = { database: run.database, table: { schema: table.schema, name: table.name } }
  let passed = 0
  let last = started
  const result = await relayCopy({
    source,
    sourceSql: readTableSql(table, part, run.snapshot.id(), run.plan.source.encoding),
    target,
    targetSql: part.by === 'whole' ? loadWholeSql(table, run.plan.source.encoding) : loadPartSql(table, run.plan.source.encoding),
    onBytes: (count) => {
      passed += count
      const now = performance.now()
      if (now - last < progressEvery) return
      last = now
      run.emit({ type: 'table-progress', ...names, part: number, bytes: BigInt(passed) })
    },
  })
  if (result.sourceRows[0]?.[0] !== 't') {
    target.destroy()
    throw new ReplicatorError(
      'table-rewritten',
      'another session rewrote or emptied the table (ALTER TABLE, TRUNCATE, CLUSTER, VACUUM FULL) while it was copied',
      {
        hint: 'Start the command again: this table is copied under a new snapshot, the complete ones stay.',
      },
    )
  }
  const row = {
    schema: table.schema,
    name: table.name,
    part: number,
    parts: table.parts.length,
    lane: run.lane,
    rows: result.rows,
    bytes: result.bytes,
    seconds: (performance.now() - started) / 1000,
  }
  await commit(target, part, row)
  return result
}

async function commit(target: Session, part: TablePart, row: CopiedRow): Promise<void> {
  try {
    await runWhileOurs(target, `${part.by === 'whole' ? recordWholeSql(row) : recordCopiedSql([row])};\ncommit`)
  } catch (error) {
    // The COMMIT whose answer was lost had succeeded; this second load is rolled back.
    if (serverError(error)?.sqlstate === sqlstate.uniqueViolation) return target.run('rollback')
    // The failed transaction is still open, and would refuse whatever the worker does next.
    target.destroy()
    throw error
  }
}

/** Only what passes by itself is tried again: lost connections, restarts, deadlocks. Never wrong data or missing rights. */
function retrying<T>(run: CopyRun, body: () => Promise<T>): Promise<T> {
  return pRetry(
    async () => {
      try {
        return await body()
      } catch (error) {
        if (run.signal.aborted || !isPassing(error)) throw new AbortError(error as Error)
        throw error
      }
    },
    { retries: 4, minTimeout: 500, maxTimeout: 8000, signal: run.signal },
  )
}

const endsTheCopy: ReadonlySet<Code> = new Set<Code>(['internal', 'snapshot-lost', 'lease-held'])

/**
 * A table's own failure is reported and the copy goes on. What would befall every other table too ends the copy: the end of
 * the run, the loss of the snapshot or the lease, a server that can't be reached.
 */
function giveUp(run: CopyRun, table: TablePlan, error: unknown): false {
  run.signal.throwIfAborted()
  const known = toReplicatorError(error, { database: run.database })
  if (endsTheCopy.has(known.code) || isPassing(known)) throw known
  const { code, hint } = known.finding
  reportFailure(run, table, {
    ...known.finding,
    code: code === 'statement-failed' ? 'copy-failed' : code,
    database: run.database,
    relation: qualified(table),
    hint: hint ?? 'Mend the cause and start the command again: the complete tables stay.',
  })
  return false
}
