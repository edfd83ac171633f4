import type { Config } from '../config/config.ts'
import type { DatabaseOutcome } from '../engine/database-run.ts'
import { observe } from '../engine/observe/observe.ts'
import { syncAll } from '../engine/sync-all.ts'
import { timeBudget } from '../engine/time-budget.ts'
import { type Outcome, Rejection, type Warning } from '../errors.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { CommandResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { keepWarnings } from './keep-warnings.ts'
import { previewResult } from './preview-result.ts'
import { status } from './status.ts'

/** Subscribes what `init` prepared, mends what can be mended, and waits until the target follows: as closely as the thresholds say, if any are given. */
export async function sync(context: CommandContext): Promise<CommandResult> {
  const { config, emit, signal } = context
  const startedAt = new Date()
  const budget = timeBudget(config.timeBudget, signal)
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const plan = await phase(emit, 'plan', undefined, async () => makePlan(config, observed))
  if (plan.problems.length > 0) throw new Rejection(plan.problems, plan.warnings)

  const warnings: Warning[] = [...plan.warnings]
  const outcomes = [...(await syncAll({ config, observed, plan, emit: keepWarnings(emit, warnings), signal: budget })).values()]
  const problems = outcomes.flatMap((outcome) => outcome.failures)
  const preview = previewResult('validate', plan, startedAt)
  // What `init` would make of the databases is none of its business.
  const databases = preview.databases.map(({ action: _, ...database }) => database)
  const result = { ...preview, command: 'sync', problems, warnings, databases }
  const outcome = outcomeOf(outcomes, signal)
  if (outcome !== 'done') return { ...result, outcome, finishedAt: new Date() }
  return follow(context, result, budget)
}

/** What `status` sees at the end, and, with thresholds, once they hold. */
async function follow({ config, emit, signal }: CommandContext, result: CommandResult, budget: AbortSignal): Promise<CommandResult> {
  try {
    const seen = await status({ config: { ...config, command: 'status', watch: false, wait: waitOf(config) }, emit, signal: budget })
    const states = new Map(seen.databases.map(({ name, replication }) => [name, replication]))
    return {
      ...result,
      outcome: seen.outcome,
      finishedAt: new Date(),
      problems: seen.problems,
      warnings: [...result.warnings, ...seen.warnings],
      databases: result.databases.map((database) => {
        const replication = states.get(database.name)
        return replication === undefined ? database : { ...database, replication }
      }),
    }
  } catch (error) {
    if (signal.aborted || !budget.aborted) throw error
    return { ...result, outcome: 'to-be-continued', finishedAt: new Date() }
  }
}

/** Thresholds without an end to the waiting are waited for as long as it takes, or the time budget allows. */
function waitOf({ wait, maxLagBytes, maxLagSeconds }: Config): number | undefined {
  return wait ?? (maxLagBytes === undefined && maxLagSeconds === undefined ? undefined : Number.POSITIVE_INFINITY)
}

function outcomeOf(outcomes: readonly DatabaseOutcome[], signal: AbortSignal): Outcome {
  if (signal.aborted) return 'interrupted'
  if (outcomes.some(({ failures }) => failures.length > 0)) return 'failed'
  return outcomes.some(({ interrupted }) => interrupted) ? 'to-be-continued' : 'done'
}
