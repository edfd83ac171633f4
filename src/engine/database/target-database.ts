import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import { openSession } from '../../pg/session.ts'
import type { DatabaseRun } from '../database-run.ts'
import { createDatabase, finishDatabase } from './create-database.ts'

/** The database as the source's, ready to be filled. */
export async function makeTargetDatabase(run: DatabaseRun): Promise<void> {
  await withMaintenanceSessions(run, createDatabase)
}

/** Its last settings, which would have been in the way before. */
export async function openUpTargetDatabase(run: DatabaseRun): Promise<void> {
  await withMaintenanceSessions(run, finishDatabase)
}

async function withMaintenanceSessions(run: DatabaseRun, body: typeof createDatabase): Promise<void> {
  const { plan, source, target, database, emit, signal } = run
  await using from = await openSession(source, { database, signal })
  await using to = await openMaintenanceSession(target, signal, database)
  await body({ source: from, target: to, plan, emit, signal })
}
