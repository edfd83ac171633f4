import { observeCleanup } from '../engine/cleanup/observe-cleanup.ts'
import { type Reached, reachServers } from '../engine/cleanup/reach-servers.ts'
import { type CleanupOutcome, runSteps } from '../engine/cleanup/run-steps.ts'
import { takeLeases } from '../engine/cleanup/take-leases.ts'
import { type Outcome, Rejection } from '../errors.ts'
import { phase } from '../events.ts'
import { markedOnSource, planCleanup } from '../plan/cleanup/plan-cleanup.ts'
import type { CleanupPart } from '../plan/cleanup/planned-step.ts'
import type { CommandResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'

/**
 * Removes from both servers what this tool made for replication, and only that: the rows stay. Without the target nothing is touched, since
 * nobody can tell then what is in use; without the source, the target's part is done.
 */
export async function cleanup({ config, emit, signal }: CommandContext): Promise<CommandResult> {
  const startedAt = new Date()
  await using reached = await phase(emit, 'observe', undefined, () => reachServers(config, signal))
  if (reached.mistakes.length > 0) throw new Rejection(reached.mistakes)
  const look = () => observeCleanup(config, reached, signal)
  const observed = await phase(emit, 'plan', undefined, look)
  if (reached.target === null) throw new Rejection(reached.problems, markedOnSource(observed))

  const first = planCleanup(observed)
  if (config.dryRun) return resultOf(startedAt, reached, first, null)
  const { target } = reached
  await using _leases = await takeLeases(
    config,
    databasesOf(first).filter((name) => target.databases.includes(name)),
    signal,
  )
  // What was there before the leases may have been another run's, which has ended since.
  const plan = planCleanup(await look())
  const sourceReached = reached.source !== null
  const outcome = await phase(emit, 'cleanup', undefined, () => runSteps({ config, steps: plan.steps, sourceReached, emit, signal }))
  return resultOf(startedAt, reached, plan, outcome)
}

/** Without an outcome nothing was tried. */
function resultOf(startedAt: Date, reached: Reached, { steps, warnings }: CleanupPart, outcome: CleanupOutcome | null): CommandResult {
  const problems = [...reached.problems, ...(outcome?.problems ?? [])]
  const bad: Outcome = outcome === null ? 'rejected' : 'failed'
  return {
    command: 'cleanup',
    outcome: problems.length > 0 ? bad : 'done',
    startedAt,
    finishedAt: new Date(),
    source: reached.source?.summary ?? null,
    target: reached.target?.summary ?? null,
    problems,
    warnings,
    databases: databasesOf({ steps, warnings }).map((name) => ({ name, tables: [] })),
    steps: steps.map((step) => {
      const { database, side, what, sql } = step
      return { database, side, what, sql, done: outcome?.done.has(step) ?? false }
    }),
  }
}

function databasesOf({ steps }: CleanupPart): string[] {
  return [...new Set(steps.map(({ database }) => database))]
}
