import type { Config } from '../config/config.ts'
import type { DatabaseOutcome } from '../engine/database-run.ts'
import { ledgerKey } from '../engine/ledger.ts'
import { observe } from '../engine/observe/observe.ts'
import { probe } from '../engine/observe/probe.ts'
import { replicateAll } from '../engine/replicate-all.ts'
import { timeBudget } from '../engine/time-budget.ts'
import { type Outcome, Rejection, type Warning } from '../errors.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Observed } from '../plan/observed.ts'
import type { DatabasePlan, Plan, TablePlan } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { filterOf } from './filter-of.ts'
import { foldParts } from './fold-parts.ts'
import { followed } from './followed.ts'
import { keepWarnings } from './keep-warnings.ts'
import { leftOutOf } from './left-out-of.ts'

/** The copy, and with it, unless it's to be once only, publication and slot for what comes after. Everything is decided and checked before anything is changed. */
export async function init({ config, emit, signal }: CommandContext): Promise<CommandResult> {
  const startedAt = new Date()
  const budget = timeBudget(config.timeBudget, signal)
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const plan = await phase(emit, 'plan', undefined, () => planned(config, observed, signal))
  if (plan.problems.length > 0) throw new Rejection(plan.problems, plan.warnings)

  // Merging the roles tells of them again, of those that it met.
  const warnings: Warning[] = plan.warnings.filter(({ code }) => !code.startsWith('role-'))
  const outcomes = await replicateAll({ config, observed, plan, emit: keepWarnings(emit, warnings), signal: budget })
  const databases = plan.databases.map((database) => databaseResult(database, outcomes.get(database.name)))
  const problems = [...outcomes.values()].flatMap((outcome) => outcome.failures)
  return {
    command: 'init',
    outcome: outcomeOf(problems.length > 0, [...outcomes.values()], signal),
    startedAt,
    finishedAt: new Date(),
    source: plan.source,
    target: plan.target,
    problems,
    warnings,
    databases,
    planDigest: plan.digest,
    estimatedSeconds: plan.estimatedSeconds,
    jobs: plan.jobs,
  }
}

/** With a time budget it's tried how long a table takes: what no run would finish goes another way. */
async function planned(config: Config, observed: Observed, signal: AbortSignal): Promise<Plan> {
  if (config.timeBudget === undefined || observed.replication === null) return makePlan(config, observed)
  return makePlan(config, { ...observed, probe: await probe(config, observed, signal) })
}

function outcomeOf(failed: boolean, outcomes: readonly DatabaseOutcome[], signal: AbortSignal): Outcome {
  if (signal.aborted) return 'interrupted'
  if (failed) return 'failed'
  return outcomes.some((outcome) => outcome.interrupted) ? 'to-be-continued' : 'done'
}

function databaseResult(plan: DatabasePlan, outcome: DatabaseOutcome | undefined): DatabaseResult {
  const largeObjects = outcome?.largeObjects
  // The ledger of a complete copy ends the run before it reaches the tables.
  const whole = outcome !== undefined && !outcome.interrupted && outcome.failures.length === 0
  return {
    name: plan.name,
    action: plan.action,
    tables: foldParts(
      plan.tables.map((table) => ({ ...tableResult(table, outcome, whole), ...filterOf(table), ...followed(table, plan) })),
      plan.tables,
    ),
    ...leftOutOf(plan),
    ...(largeObjects === undefined ? {} : { largeObjects }),
  }
}

function tableResult(table: TablePlan, outcome: DatabaseOutcome | undefined, whole: boolean): TableResult {
  const { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes, format } = table
  const copied = outcome?.copied.get(ledgerKey(table))
  const failure = outcome?.failed.get(ledgerKey(table))
  return {
    ...{ schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes, format },
    parts: table.parts.length,
    ...(copied === undefined
      ? whole && (rule === 'copy' || rule === 'filtered')
        ? { resumed: true }
        : {}
      : { copiedRows: copied.rows, copiedBytes: copied.bytes, seconds: copied.seconds, resumed: copied.resumed }),
    ...(failure === undefined ? {} : { failure }),
  }
}
