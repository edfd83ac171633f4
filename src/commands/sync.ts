import type { DatabaseOutcome } from '../engine/database-run.ts'
import { observe } from '../engine/observe/observe.ts'
import { syncAll } from '../engine/sync-all.ts'
import { timeBudget } from '../engine/time-budget.ts'
import { type Outcome, Rejection, type Warning } from '../errors.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { DatabasePlan } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { followed } from './followed.ts'
import { keepWarnings } from './keep-warnings.ts'

/** Subscribes what `init` prepared, mends what can be mended, and waits until the target follows. */
export async function sync({ config, emit, signal }: CommandContext): Promise<CommandResult> {
  const startedAt = new Date()
  const budget = timeBudget(config.timeBudget, signal)
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const plan = await phase(emit, 'plan', undefined, async () => makePlan(config, observed))
  if (plan.problems.length > 0) throw new Rejection(plan.problems, plan.warnings)

  const warnings: Warning[] = [...plan.warnings]
  const outcomes = await syncAll({ config, observed, plan, emit: keepWarnings(emit, warnings), signal: budget })
  const problems = [...outcomes.values()].flatMap((outcome) => outcome.failures)
  return {
    command: 'sync',
    outcome: outcomeOf([...outcomes.values()], signal),
    startedAt,
    finishedAt: new Date(),
    source: plan.source,
    target: plan.target,
    problems,
    warnings,
    databases: plan.databases.map(databaseResult),
    planDigest: plan.digest,
  }
}

function outcomeOf(outcomes: readonly DatabaseOutcome[], signal: AbortSignal): Outcome {
  if (signal.aborted) return 'interrupted'
  if (outcomes.some(({ failures }) => failures.length > 0)) return 'failed'
  return outcomes.some(({ interrupted }) => interrupted) ? 'to-be-continued' : 'done'
}

function databaseResult(plan: DatabasePlan): DatabaseResult {
  return {
    name: plan.name,
    tables: plan.tables.map((table) => {
      const { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes } = table
      return { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes, ...followed(table, plan) }
    }),
  }
}
