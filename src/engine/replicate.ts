import { type Phase, phase } from '../events.ts'
import { analyzeLast } from './after-copy/analyze-last.ts'
import { addForeignKeys } from './after-copy/foreign-keys.ts'
import { refreshMaterializedViews } from './after-copy/refresh-materialized-views.ts'
import { setSequences } from './after-copy/sequences.ts'
import { copyTables } from './copy/copy-tables.ts'
import { makeTargetDatabase, openUpTargetDatabase } from './database/target-database.ts'
import type { DatabaseOutcome, DatabaseRun } from './database-run.ts'
import { transferLargeObjects } from './large-objects/transfer-large-objects.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { openPhaseSessions, type PhaseSessions } from './open-phase-sessions.ts'
import { readSchema, type SourceSchema } from './schema/read-schema.ts'
import { restoreEventTriggers, restorePostData, restorePreData } from './schema/restore-schema.ts'
import { openSnapshot } from './snapshot-relay.ts'

/**
 * One database from source to target: the whole engine, phase by phase. What an earlier run completed is in the ledger or
 * stands on the target, and is left as it is; so after any kill the same call goes on where the last one ended.
 */
export async function replicate(run: DatabaseRun, outcome: DatabaseOutcome): Promise<void> {
  await during(run, 'database', () => makeTargetDatabase(run))
  await using ledger = await openLedger(run)
  if ((await ledger.read()).complete) return
  await using sessions = await openPhaseSessions(run)

  const schema = await copyUnderSnapshot(run, ledger, sessions, outcome)
  if (outcome.failures.length > 0) return
  await buildAround(run, schema, sessions, outcome)
  if (outcome.failures.length > 0) return

  await during(run, 'database', async () => {
    await restoreEventTriggers(run, schema, sessions.target)
    await openUpTargetDatabase(run)
  })
}

/** Everything that must be of one moment: definitions, rows, large objects. */
async function copyUnderSnapshot(
  run: DatabaseRun,
  ledger: Ledger,
  sessions: PhaseSessions,
  outcome: DatabaseOutcome,
): Promise<SourceSchema> {
  const progress = await ledger.read()
  await using snapshot = await during(run, 'snapshot', () => openSnapshot(run))
  const lane = await ledger.openLane(snapshot.lsn)
  const schema = await during(run, 'pre-data', async () => {
    const read = await readSchema(run, snapshot, sessions.target)
    if (!progress.preDataDone) await restorePreData(run, read, sessions.target)
    return read
  })
  const copy = { ...run, snapshot, lane, schema, ledger: progress, outcome }
  await during(run, 'copy', () => copyTables(copy))
  await during(run, 'large-objects', () => transferLargeObjects(copy, sessions))
  return schema
}

/** What needs the rows of all tables, or belongs to none. */
async function buildAround(run: DatabaseRun, schema: SourceSchema, sessions: PhaseSessions, outcome: DatabaseOutcome): Promise<void> {
  await during(run, 'post-data', async () => {
    await restorePostData(run, schema, sessions.target)
    outcome.failures.push(...(await addForeignKeys(run, schema)))
  })
  await during(run, 'sequences', () => setSequences({ ...run, ...sessions }))
  await during(run, 'materialized-views', () => refreshMaterializedViews({ ...run, ...sessions }))
  await during(run, 'analyze', () => analyzeLast(run, sessions))
}

function during<T>(run: DatabaseRun, name: Phase, body: () => Promise<T>): Promise<T> {
  return phase(run.emit, name, run.database, body)
}
