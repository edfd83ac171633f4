import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import { openSession } from '../../pg/session.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { takeLease } from '../ledger.ts'
import { lendToSubscription } from '../replication/lend-to-subscription.ts'
import { abandonLanes } from '../replication/settle-lanes.ts'
import { isRefusal } from '../warnings.ts'
import { createDatabase, finishDatabase } from './create-database.ts'
import { endRestoring } from './timescaledb.ts'

/** The database as the source's, ready to be filled. */
export async function makeTargetDatabase(run: DatabaseRun, outcome: DatabaseOutcome): Promise<void> {
  if (outcome.made) return
  if (run.plan.action === 'recreate') await leaveTarget(run)
  await withMaintenanceSessions(run, createDatabase)
  outcome.made = true
}

/** What another run is writing to isn't dropped under it. A database that lets nobody in has no run in it either. */
async function leaveTarget(run: DatabaseRun): Promise<void> {
  const { target, database, signal } = run
  try {
    await using session = await openSession(target, { database, signal })
    await takeLease(session)
    await abandonLanes(run)
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

/** Its last settings, which would have been in the way before. What `sync` will need of the owners, one of which it belongs to now, stays lent. */
export async function openUpTargetDatabase(run: DatabaseRun, outcome: DatabaseOutcome): Promise<void> {
  await endRestoring(run, outcome)
  await withMaintenanceSessions(run, finishDatabase)
  const { plan, subscribing, target, database, signal } = run
  if (plan.replication === null || subscribing.superuser) return
  await using session = await openSession(target, { database, signal })
  await lendToSubscription(run, session)
}

async function withMaintenanceSessions(run: DatabaseRun, body: typeof createDatabase): Promise<void> {
  const { plan, source, target, database, emit, signal } = run
  await using from = await openSession(source, { database, signal })
  await using to = await openMaintenanceSession(target, signal, database)
  await body({ source: from, target: to, plan, emit, signal })
}
