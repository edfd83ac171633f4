import { type Phase, phase } from '../events.ts'
import { analyzeLarge } from './after-copy/analyze-large.ts'
import { analyzeLast } from './after-copy/analyze-last.ts'
import { addForeignKeys } from './after-copy/foreign-keys.ts'
import { refreshMaterializedViews } from './after-copy/refresh-materialized-views.ts'
import { setSequences } from './after-copy/sequences.ts'
import { copyTables } from './copy/copy-tables.ts'
import { makeTargetDatabase, openUpTargetDatabase } from './database/target-database.ts'
import { openRestoringSession } from './database/timescaledb.ts'
import type { DatabaseOutcome, DatabaseRun } from './database-run.ts'
import { transferLargeObjects } from './large-objects/transfer-large-objects.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { openPhaseSessions } from './open-phase-sessions.ts'
import { isOneLane, mayGoOnInNewLane } from './replication/lanes.ts'
import { leaveToTableSync } from './replication/leave-to-table-sync.ts'
import { openLane } from './replication/open-lane.ts'
import { settleLanes } from './replication/settle-lanes.ts'
import { leaveScope } from './rescope/leave-scope.ts'
import type { SourceSchema } from './schema/read-schema.ts'
import { prepareSchema, restoreEventTriggers, restorePostData } from './schema/restore-schema.ts'

/**
 * One database from source to target: the whole engine, phase by phase. What an earlier run completed is in the ledger or
 * stands on the target, and is left as it is; so after any kill the same call goes on where the last one ended.
 */
export async function replicate(run: DatabaseRun, outcome: DatabaseOutcome): Promise<void> {
  await during(run, 'database', () => makeTargetDatabase(run, outcome))
  await using ledger = await openLedger(run)
  const progress = await ledger.read()
  if (progress.finished) return
  let schema: SourceSchema | undefined
  if (!progress.complete) {
    if (run.plan.change !== null) await during(run, 'scope', () => leaveScope(run))
    do {
      await during(run, 'lanes', () => settleLanes(run, ledger, outcome))
      if (outcome.failures.length > 0) return
      schema = await copyUnderSnapshot(run, ledger, outcome)
    } while (mayGoOnInNewLane(run, outcome))
    if (outcome.failures.length > 0) return
    await buildAround(run, ledger, schema, outcome)
    if (outcome.failures.length > 0) return
  }
  await during(run, 'database', async () => {
    if (schema !== undefined) await restoreEventTriggers(run, schema)
    await openUpTargetDatabase(run, outcome)
    await ledger.finish()
  })
}

/** Everything that must be of one moment: definitions, rows, large objects. */
async function copyUnderSnapshot(run: DatabaseRun, ledger: Ledger, outcome: DatabaseOutcome): Promise<SourceSchema> {
  const progress = await ledger.read()
  await using target = await openRestoringSession(run, outcome)
  await using opened = await openLane(run, ledger, during)
  const schema = await during(run, 'pre-data', () => prepareSchema(run, opened.snapshot, target))
  const copy = { ...run, snapshot: opened.snapshot, lane: opened.lane, schema, ledger: progress, outcome }
  await during(run, 'copy', () => copyTables(copy))
  await during(run, 'large-objects', () => transferLargeObjects(copy, target))
  return schema
}

/** What needs the rows of all tables, or belongs to none. Its sessions are opened only now: no server has more than it was asked for. */
async function buildAround(run: DatabaseRun, ledger: Ledger, schema: SourceSchema, outcome: DatabaseOutcome): Promise<void> {
  await during(run, 'post-data', async () => {
    await restorePostData(run, schema)
    await leaveToTableSync(run, ledger)
    const foreignKeys = (await isOneLane(ledger)) ? schema.foreignKeys : []
    outcome.failures.push(...(await addForeignKeys(run, { ...schema, foreignKeys }, analyzeLarge(run))))
  })
  await using sessions = await openPhaseSessions(run)
  await during(run, 'sequences', () => setSequences({ ...run, ...sessions }))
  await during(run, 'materialized-views', () => refreshMaterializedViews({ ...run, ...sessions }))
  await during(run, 'analyze', () => analyzeLast(run, sessions))
}

function during<T>(run: DatabaseRun, name: Phase, body: () => Promise<T>): Promise<T> {
  return phase(run.emit, name, run.database, body)
}
