import pRetry, { AbortError } from 'p-retry'
import { warning } from '../../errors.ts'
import { readForeignKeyDefinitions } from '../../pg/catalog/foreign-key-definitions.ts'
import { readStandingObjects } from '../../pg/catalog/standing-objects.ts'
import { serverError } from '../../pg/database-error.ts'
import type { Session } from '../../pg/session.ts'
import { isTransient, sqlstate } from '../../pg/sqlstate.ts'
import type { ForeignKeyDefinition } from '../../plan/definitions.ts'
import { addForeignKeySql, validateForeignKeySql } from '../../sql/foreign-key.ts'
import { lockTimeoutSql } from '../../sql/lock-timeout.ts'
import type { DatabaseOutcome } from '../database-run.ts'
import { foreignKeyFailed } from '../foreign-key-failed.ts'
import { type Ledger, type LedgerState, ledgerKey } from '../ledger.ts'
import { withoutLeftOut } from '../schema/read-schema.ts'
import { followedLanes } from './lanes.ts'
import { newTables } from './new-tables.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'

/** Milliseconds that apply may wait behind ours: fewer than `deadlock_timeout`, so that where both wait for each other it's ours that tries again. */
const lockTimeout = 2000

const hint = 'The rows are there, and followed. Mend the cause and run `sync` again: what is missing is added.'

/**
 * Foreign keys that waited until one lane follows their tables: from then on the target is as the source was after some transaction, always, so that
 * they hold. Added without reading rows, then validated, which stops nobody.
 */
export async function finishForeignKeys(
  run: SyncRun,
  { source, target }: SyncServers,
  ledger: Ledger,
  outcome: DatabaseOutcome,
): Promise<void> {
  const standing = (await readStandingObjects(target)).constraints
  const key = (one: ForeignKeyDefinition) => JSON.stringify([one.schema, one.table, one.name])
  const progress = await ledger.read()
  const left = new Set(
    [...run.plan.tables.filter(({ rule }) => rule === 'excluded'), ...newTables(run.plan, progress)].map(({ oid }) => oid),
  )
  const keys = withoutLeftOut(await readForeignKeyDefinitions(source), run.plan.leftOut).filter((one) => !left.has(one.tableOid))
  const isTogether = togetherIn(run, progress)
  const apart = keys.filter((one) => !standing.has(key(one)) && !isTogether(one))
  const missing = keys.filter((one) => !standing.has(key(one)) && isTogether(one))
  const unvalidated = keys.filter((one) => one.validated && !one.partitioned && standing.get(key(one)) !== true && isTogether(one))
  if (apart.length > 0) run.emit({ type: 'warning', warning: waiting(run.database, apart.length) })
  for (const one of missing) await attempt(run, target, one, addForeignKeySql(one), outcome)
  for (const one of unvalidated) await attempt(run, target, one, [validateForeignKeySql(one)], outcome)
}

/**
 * Whether one lane follows both tables of a key. From two a TRUNCATE of both arrives as two, and would be refused for ever. Of partitioned tables
 * the lanes are their partitions': that's taken for several.
 */
function togetherIn({ plan }: SyncRun, progress: LedgerState): (key: ForeignKeyDefinition) => boolean {
  if (followedLanes(progress).length < 2) return () => true
  const lanes = new Map(plan.tables.map((table) => [table.oid, progress.copied.get(ledgerKey(table))?.[0]?.lane]))
  return ({ tableOid, referencedOid }) => lanes.get(tableOid) !== undefined && lanes.get(tableOid) === lanes.get(referencedOid)
}

async function attempt(
  run: SyncRun,
  target: Session,
  key: ForeignKeyDefinition,
  statements: readonly string[],
  outcome: DatabaseOutcome,
): Promise<void> {
  const sql = `begin;\n${lockTimeoutSql(lockTimeout)};\n${statements.join(';\n')};\ncommit`
  try {
    await pRetry(() => once(target, sql), { retries: 12, minTimeout: 500, maxTimeout: 5000, signal: run.signal })
  } catch (error) {
    run.signal.throwIfAborted()
    if (!target.alive) throw error
    // A key of the source's to a table that is new there: that one is told of.
    if (serverError(error)?.sqlstate === sqlstate.undefinedTable) return
    outcome.failures.push(foreignKeyFailed(error, { database: run.database, key, statements, hint }))
  }
}

/** Apply locks the same tables: who waits too long for the other tries again. A key that doesn't hold is tried again too: with several lanes it may in a moment. */
async function once(target: Session, sql: string): Promise<void> {
  try {
    await target.run(sql)
  } catch (error) {
    if (target.alive) await target.run('rollback')
    const state = serverError(error)?.sqlstate
    if (target.alive && (isTransient(state) || state === sqlstate.lockNotAvailable || state === sqlstate.foreignKeyViolation)) throw error
    throw new AbortError(error as Error)
  }
}

function waiting(database: string, count: number) {
  return warning('merge-postponed', `${count} foreign keys wait until one lane follows both of their tables`, {
    database,
    hint: 'Run `sync` again at a quieter time, or give a longer max-hold.',
  })
}
