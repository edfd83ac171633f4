import { toReplicatorError } from '../pg/database-error.ts'
import { notPrepared } from '../plan/judge-replication.ts'
import type { DatabasePlan } from '../plan/plan.ts'
import { type DatabaseOutcome, forgetFailures, newOutcome } from './database-run.ts'
import { goOnWhenPassing } from './passing.ts'
import { databaseRun, type Replication } from './replicate-all.ts'
import { followDatabase, subscribeDatabase } from './replication/sync-database.ts'
import type { SyncRun } from './replication/sync-run.ts'
import { type LentRoles, openRoles } from './roles/open-roles.ts'

interface Syncing {
  readonly run: SyncRun
  readonly outcome: DatabaseOutcome
}

/** All databases subscribed, then one after the other followed. One that fails doesn't stop the others. */
export async function syncAll(replication: Replication): Promise<Map<string, DatabaseOutcome>> {
  // Tables that are new may belong to roles that are.
  await using roles = replication.config.addTables ? await openRoles(replication) : noRoles
  const all = replication.plan.databases.map((database) => syncing(replication, database, roles))
  for (const one of all) await attempt(one, ({ run }) => subscribeDatabase(run))
  for (const one of all.filter(({ outcome }) => outcome.failures.length === 0)) {
    await attempt(one, ({ run, outcome }) => followDatabase(run, outcome))
  }
  return new Map(all.map(({ run, outcome }) => [run.database, outcome]))
}

const noRoles: LentRoles = { withheld: [], warnings: [], keep: () => false, [Symbol.asyncDispose]: async () => undefined }

function syncing(replication: Replication, database: DatabasePlan, roles: LentRoles): Syncing {
  const { config, observed } = replication
  const outcome = newOutcome()
  const run = {
    ...databaseRun(replication, database, roles),
    maxHold: config.maxHold * 1000,
    addTables: config.addTables,
    heartbeat: config.heartbeat,
  }
  // To open a ledger is to make one.
  const target = observed.databases.find(({ source }) => source.name === database.name)?.target
  if (target?.content?.ledger == null) outcome.failures.push(notPrepared(database.name))
  return { run, outcome }
}

async function attempt(syncing: Syncing, body: (syncing: Syncing) => Promise<void>): Promise<void> {
  const { run, outcome } = syncing
  if (outcome.failures.length > 0 || outcome.interrupted) return
  try {
    await goOnWhenPassing(run, () => {
      forgetFailures(outcome)
      return body(syncing)
    })
  } catch (error) {
    if (run.signal.aborted) outcome.interrupted = true
    else {
      const known = toReplicatorError(error, { database: run.database })
      if (known.code === 'internal') throw error
      outcome.failures.push({ database: run.database, ...known.finding })
    }
  }
}
