import type { Config } from '../config/config.ts'
import { type Problem, ReplicatorError } from '../errors.ts'
import type { Emit } from '../events.ts'
import { toReplicatorError } from '../pg/database-error.ts'
import type { Observed } from '../plan/observed.ts'
import type { DatabasePlan, Plan } from '../plan/plan.ts'
import { stillRestoring } from './database/timescaledb.ts'
import { type DatabaseOutcome, type DatabaseRun, forgetFailures, newOutcome } from './database-run.ts'
import { goOnWhenPassing } from './passing.ts'
import { replicate } from './replicate.ts'
import { type LentRoles, openRoles } from './roles/open-roles.ts'
import { secondsToSettle } from './time-budget.ts'

export interface Replication {
  readonly config: Config
  readonly observed: Observed
  readonly plan: Plan
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Roles first, since they're the server's; then one database after the other. A database that fails doesn't stop the others. */
export async function replicateAll(replication: Replication): Promise<Map<string, DatabaseOutcome>> {
  const outcomes = new Map<string, DatabaseOutcome>()
  await using lent = await openRoles(replication)
  for (const database of replication.plan.databases) {
    outcomes.set(database.name, await replicateOne(replication, database, lent))
  }
  return outcomes
}

async function replicateOne(replication: Replication, database: DatabasePlan, lent: LentRoles): Promise<DatabaseOutcome> {
  const outcome = newOutcome()
  try {
    const run = databaseRun(replication, database, lent)
    await goOnWhenPassing(run, () => {
      forgetFailures(outcome)
      return replicate(run, outcome)
    })
  } catch (error) {
    if (replication.signal.aborted) outcome.interrupted = true
    else outcome.failures.push(databaseFailure(error, database.name))
  }
  if (outcome.restoring) replication.emit({ type: 'warning', warning: stillRestoring(database) })
  return outcome
}

/** What the phases of one database are given. */
export function databaseRun(
  { config, observed, plan, emit, signal }: Replication,
  database: DatabasePlan,
  lent: Pick<LentRoles, 'withheld' | 'keep'>,
): DatabaseRun {
  const { pgDump, pgRestore } = observed.tools
  if (pgDump === null || pgRestore === null) throw new ReplicatorError('internal', 'the plan went through without client tools')
  return {
    plan: database,
    database: database.name,
    source: config.source,
    target: config.target,
    sourceSystemIdentifier: observed.source.systemIdentifier,
    targetSystemIdentifier: observed.target.systemIdentifier,
    jobs: plan.jobs,
    pgDump: pgDump.path,
    pgRestore: pgRestore.path,
    withheldOwners: lent.withheld,
    subscribing: {
      sourceFromTarget: config.sourceFromTarget,
      credentials: config.subscriptionCredentials,
      superuser: observed.target.superuser,
      lent,
    },
    secondsToSettle: secondsToSettle(config.timeBudget),
    emit,
    signal,
  }
}

function databaseFailure(error: unknown, database: string): Problem {
  const known = toReplicatorError(error, { database })
  if (known.code === 'internal') throw error
  return { database, ...known.finding, hint: known.finding.hint ?? 'Mend the cause and start the command again: what is complete stays.' }
}
