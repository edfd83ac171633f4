import type { Config } from '../../config/config.ts'
import { type Problem, problem, type ReplicatorError } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import { serverError, toReplicatorError } from '../../pg/database-error.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import type { PlannedStep } from '../../plan/cleanup/planned-step.ts'
import { groupBy } from '../../scope/group-by.ts'
import { dropSlot } from '../replication/drop-slot.ts'
import { withoutWaiting } from '../replication/without-waiting.ts'

export interface CleanupRun {
  readonly config: Config
  readonly steps: readonly PlannedStep[]
  /** False: no step there can be done. */
  readonly sourceReached: boolean
  readonly emit: Emit
  readonly signal: AbortSignal
}

export interface CleanupOutcome {
  readonly done: ReadonlySet<PlannedStep>
  readonly problems: readonly Problem[]
}

/** One step after the other. One that fails leaves those that depend on it to the next run, and the others go on. */
export async function runSteps({ config, steps, sourceReached, emit, signal }: CleanupRun): Promise<CleanupOutcome> {
  const done = new Set<PlannedStep>()
  const problems: Problem[] = []
  await using sessions = openLazily(config, signal)
  for (const step of steps) {
    if ((step.side === 'source' && !sourceReached) || steps.some((other) => isNeeded(other, step) && !done.has(other))) continue
    try {
      await runStep(await sessions.get(step), step, signal)
      done.add(step)
      emit({ type: 'note', message: `removed on the ${step.side}, database ${step.database}: ${step.what}` })
    } catch (error) {
      signal.throwIfAborted()
      problems.push(failed(step, toReplicatorError(error, { database: step.database })))
    }
  }
  return { done, problems: [...problems, ...leftBehind(steps.filter((step) => !done.has(step)))] }
}

/** Whether `first` must be done before `step` may. */
function isNeeded(first: PlannedStep, step: PlannedStep): boolean {
  if (first === step) return false
  const same = first.database === step.database
  if (step.stage === 'source') return same && (first.stage === 'subscription' || (first.slot !== undefined && step.slot === undefined))
  if (step.stage === 'membership') return first.stage === 'subscription'
  return step.stage === 'ledger' && same
}

/** Milliseconds that a statement may wait for a lock on what is ours alone. */
const patience = 30_000

async function runStep(session: Session, { sql, slot, brief }: PlannedStep, signal: AbortSignal): Promise<void> {
  if (slot !== undefined) return dropSlot(session, slot)
  try {
    return await (brief ? withoutWaiting(session, [sql], signal) : session.run(sql))
  } catch (error) {
    const state = serverError(error)?.sqlstate
    // Somebody was faster.
    if (state !== sqlstate.undefinedObject && state !== sqlstate.undefinedTable) throw error
  }
}

interface LazySessions extends AsyncDisposable {
  get(where: Pick<PlannedStep, 'side' | 'database'>): Promise<Session>
}

/** A session per side and database, from its first step on. */
function openLazily(config: Config, signal: AbortSignal): LazySessions {
  const opened = new Map<string, Session>()
  return {
    async get({ side, database }) {
      const key = JSON.stringify([side, database])
      const found = opened.get(key)
      if (found?.alive) return found
      const session = await openSession(config[side], { database, signal, pinned: { lock_timeout: String(patience) } })
      opened.set(key, session)
      return session
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...opened.values()].map((session) => session[Symbol.asyncDispose]()))
    },
  }
}

function failed({ database, what, side, sql }: PlannedStep, { finding }: ReplicatorError): Problem {
  return {
    ...finding,
    database,
    message: `${what} could not be removed from the ${side}: ${finding.message}`,
    sql: finding.sql ?? `${sql};`,
  }
}

/** Once per database and side, with all that it takes to do the rest by hand. */
function leftBehind(left: readonly PlannedStep[]): Problem[] {
  const groups = groupBy(left, ({ database, side }) => JSON.stringify([database, side]))
  return [...groups.values()].flatMap((steps) => {
    const [first] = steps
    if (first === undefined) return []
    const { database, side } = first
    return problem('left-behind', `still there on the ${side}: ${steps.map(({ what }) => what).join(', ')}`, {
      database,
      hint: hints[side],
      sql: steps.map(({ sql }) => `${sql};`).join('\n'),
    })
  })
}

const hints = {
  source: 'Run cleanup again once the source can be reached and lets it; or run this there, in this database.',
  target:
    'Run cleanup again: the ledger stays until all that it names is gone. If the source is gone for good, run this on the target, in this database.',
} as const
