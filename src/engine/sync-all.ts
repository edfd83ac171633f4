import { toReplicatorError } from '../pg/database-error.ts'
import { notPrepared } from '../plan/judge-replication.ts'
import type { DatabasePlan } from '../plan/plan.ts'
import { type DatabaseOutcome, forgetFailures, newOutcome } from './database-run.ts'
import { goOnWhenPassing } from './passing.ts'
import { databaseRun, type Replication } from './replicate-all.ts'
import { syncDatabase } from './replication/sync-database.ts'

/** One database after the other; one that fails doesn't stop the others. */
export async function syncAll(replication: Replication): Promise<Map<string, DatabaseOutcome>> {
  const outcomes = new Map<string, DatabaseOutcome>()
  for (const database of replication.plan.databases) outcomes.set(database.name, await syncOne(replication, database))
  return outcomes
}

async function syncOne(replication: Replication, database: DatabasePlan): Promise<DatabaseOutcome> {
  const { config, signal } = replication
  const outcome = newOutcome()
  // To open a ledger is to make one.
  if (replication.observed.databases.find(({ source }) => source.name === database.name)?.target?.content?.ledger == null) {
    outcome.failures.push(notPrepared(database.name))
    return outcome
  }
  const run = {
    ...databaseRun(replication, database, { withheld: [], keep: () => false }),
    maxHold: config.maxHold * 1000,
    addTables: config.addTables,
    heartbeat: config.heartbeat,
  }
  try {
    await goOnWhenPassing(run, () => {
      forgetFailures(outcome)
      return syncDatabase(run, outcome)
    })
  } catch (error) {
    if (signal.aborted) outcome.interrupted = true
    else {
      const known = toReplicatorError(error, { database: database.name })
      if (known.code === 'internal') throw error
      outcome.failures.push({ database: database.name, ...known.finding })
    }
  }
  return outcome
}
