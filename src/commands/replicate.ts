import type { Config } from '../config/config.ts'
import { timeBudget } from '../engine/time-budget.ts'
import { type Outcome, type Problem, Rejection, ReplicatorError, type Warning } from '../errors.ts'
import type { CommandResult, DatabaseResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { init } from './init.ts'
import { mergeDatabases } from './merge-databases.ts'
import { sync } from './sync.ts'
import { verify } from './verify.ts'

const steps = { init, sync, verify }
type Step = keyof typeof steps

/**
 * All of it in one go, up to the first step that isn't done. `init` begins with what `validate` would say, `sync` ends with what `status`
 * does, the gate included, and each step leaves what it finds done: so after any kill the same command goes on.
 */
export async function replicate(context: CommandContext): Promise<CommandResult> {
  const { config, signal } = context
  const startedAt = new Date()
  const budget = timeBudget(config.timeBudget, signal)
  const ends: End[] = []
  for (const step of stepsOf(config)) {
    const end = await take(step, context, budget, startedAt)
    ends.push(end)
    if (end.outcome !== 'done') break
  }
  return { command: 'replicate', startedAt, finishedAt: new Date(), ...merged(ends) }
}

/** A step's result; of one that ended with an error, what is known of it. */
type End = Pick<CommandResult, 'outcome' | 'problems' | 'warnings'> & Partial<CommandResult>

function stepsOf({ snapshotOnly }: Config): readonly Step[] {
  return snapshotOnly ? ['init', 'verify'] : ['init', 'sync', 'verify']
}

async function take(step: Step, context: CommandContext, budget: AbortSignal, startedAt: Date): Promise<End> {
  // Nothing was changed yet by a first step that is refused, or can't reach a server: that is for the entry to say.
  if (step === 'init') return init({ ...context, config: { ...context.config, command: step } })
  try {
    const result = await steps[step](contextOf(step, context, budget, startedAt))
    return step === 'sync' ? { ...result, databases: result.databases.map(followed) } : result
  } catch (error) {
    context.signal.throwIfAborted()
    return endedBy(error, budget)
  }
}

/** What became of the tables, `init` has told. */
function followed({ name, replication }: DatabaseResult): DatabaseResult {
  return { name, tables: [], ...(replication === undefined ? {} : { replication }) }
}

/** What speaks of the copy alone was `init`'s. `sync` tells its time budget from a signal, `verify` needn't. */
function contextOf(step: Step, { config, emit, signal }: CommandContext, budget: AbortSignal, startedAt: Date): CommandContext {
  const left = config.timeBudget === undefined ? undefined : Math.max(1, config.timeBudget - (Date.now() - startedAt.getTime()) / 1000)
  const asked = { ...config, command: step, dropExisting: false, resume: true, timeBudget: left }
  return { config: asked, emit, signal: step === 'sync' ? signal : budget }
}

function endedBy(error: unknown, budget: AbortSignal): End {
  if (budget.aborted && budget.reason instanceof ReplicatorError)
    return endedAs('to-be-continued', [], [{ ...budget.reason.finding, severity: 'warning' }])
  if (error instanceof Rejection) return endedAs('failed', error.problems, error.warnings)
  if (error instanceof ReplicatorError && error.code !== 'internal') return endedAs('failed', [error.finding], [])
  throw error
}

function endedAs(outcome: Outcome, problems: readonly Problem[], warnings: readonly Warning[]): End {
  return { outcome, problems, warnings }
}

function merged(ends: readonly End[]): Omit<CommandResult, 'command' | 'startedAt' | 'finishedAt'> {
  const first = ends[0]
  return {
    outcome: ends.at(-1)?.outcome ?? 'done',
    source: ends.findLast(({ source }) => source != null)?.source ?? null,
    target: ends.findLast(({ target }) => target != null)?.target ?? null,
    problems: ends.flatMap(({ problems }) => problems),
    warnings: distinct(ends.flatMap(({ warnings }) => warnings)),
    databases: mergeDatabases(ends.map(({ databases = [] }) => ({ databases }))),
    ...(first?.planDigest === undefined ? {} : { planDigest: first.planDigest }),
    ...(first?.estimatedSeconds === undefined ? {} : { estimatedSeconds: first.estimatedSeconds }),
    ...(first?.jobs === undefined ? {} : { jobs: first.jobs }),
  }
}

/** Each step looks at the same servers and says the same of them. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((one) => [JSON.stringify([one.code, one.database, one.relation, one.message]), one])).values()]
}
