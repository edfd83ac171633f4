import { findCommand } from './commands/index.ts'
import { type Config, commands } from './config/config.ts'
import {
  type Code,
  exitCodes,
  type Finding,
  type Outcome,
  type Problem,
  problem,
  Rejection,
  ReplicatorError,
  type Warning,
} from './errors.ts'
import type { Emit, Event, Phase } from './events.ts'
import type { CommandResult } from './plan/results.ts'
import { type Redact, redactDeep } from './report/redact.ts'
import type { Reporter } from './report/reporter.ts'

interface Run {
  readonly command: string
  readonly reporters: readonly Reporter[]
  readonly redact: Redact
  readonly signal: AbortSignal
  /** Told of what a renderer threw; the run goes on. */
  readonly complain: (error: unknown) => void
}

/** What the entry found before: without a config there are problems, and the command doesn't run. */
interface Prepared {
  readonly config: Config | undefined
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

/** Asks for what a config doesn't say yet. */
export type Choose = (config: Config) => Promise<Prepared>

/** Runs one command and shows it. Whatever happens becomes a result; nothing is thrown. */
export async function runCommand(run: Run, prepared: Prepared, choose?: Choose): Promise<CommandResult> {
  return runBody(run, async (emit) => {
    const { config, problems, warnings } = prepared.config === undefined || choose === undefined ? prepared : await choose(prepared.config)
    const command = commands.find((one) => one === run.command)
    // First of all: who asks for a command to come needn't mend the rest.
    const perform = command === undefined ? undefined : findCommand(command)
    if (config === undefined || perform === undefined) throw new Rejection(problems, warnings)
    const result = await perform({ config, emit, signal: run.signal })
    return { ...result, warnings: [...warnings, ...result.warnings] }
  })
}

/** The frame of every run: reporters told, errors turned into a result, secrets taken out of both. */
export async function runBody(run: Run, body: (emit: Emit) => Promise<CommandResult>): Promise<CommandResult> {
  const startedAt = new Date()
  let changing = false
  const emit: Emit = (event) => {
    changing ||= event.type === 'phase-started' && !harmless.has(event.phase)
    const shown = redactEvent(event, run.redact)
    for (const reporter of run.reporters) guard(run, () => reporter.event?.(shown))
  }
  for (const reporter of run.reporters) guard(run, () => reporter.started?.(run.command))
  let result: CommandResult
  try {
    result = interruptedIf(run.signal.aborted, await body(emit))
  } catch (error) {
    result = resultOf(run, error, changing, startedAt)
  }
  const clean = redactDeep(result, run.redact)
  for (const reporter of run.reporters) {
    try {
      await reporter.finished?.(clean)
    } catch (error) {
      run.complain(error)
    }
  }
  return clean
}

export function exitCodeOf({ outcome }: Pick<CommandResult, 'outcome'>, signal: NodeJS.Signals | undefined): number {
  return outcome === 'interrupted' && signal === 'SIGTERM' ? 143 : exitCodes[outcome]
}

/** Phases that read; an error in the first two means that nothing was changed. */
const harmless: ReadonlySet<Phase> = new Set(['observe', 'plan'])

function guard(run: Run, hook: () => void): void {
  try {
    hook()
  } catch (error) {
    run.complain(error)
  }
}

function redactEvent(event: Event, redact: Redact): Event {
  return event.type === 'warning' || event.type === 'note' || event.type === 'table-failed' ? redactDeep(event, redact) : event
}

/** What failed because everything was told to stop didn't fail. */
function interruptedIf(aborted: boolean, result: CommandResult): CommandResult {
  return aborted && result.outcome === 'failed' ? { ...result, outcome: 'interrupted' } : result
}

function resultOf(run: Run, error: unknown, changing: boolean, startedAt: Date): CommandResult {
  const [outcome, problems, warnings] = judge(error, run.signal.aborted, changing)
  return { command: run.command, outcome, startedAt, finishedAt: new Date(), source: null, target: null, problems, warnings, databases: [] }
}

function judge(error: unknown, aborted: boolean, changing: boolean): [Outcome, readonly Problem[], readonly Warning[]] {
  if (aborted)
    return [
      'interrupted',
      [problem('interrupted', 'stopped by a signal', { hint: 'Start the command again: it goes on where it was.' })],
      [],
    ]
  if (error instanceof Rejection) return ['rejected', error.problems, error.warnings]
  if (error instanceof ReplicatorError && error.code === 'time-budget')
    return ['to-be-continued', [], [{ ...error.finding, severity: 'warning' }]]
  if (error instanceof ReplicatorError && error.code !== 'internal')
    return [changing || failures.has(error.code) ? 'failed' : 'rejected', [error.finding], []]
  return ['failed', [bug(error)], []]
}

/** Not the user's to mend beforehand, even where nothing was changed yet. */
const failures: ReadonlySet<Code> = new Set<Code>(['connection-lost'])

function bug(error: unknown): Problem {
  const inner = error instanceof ReplicatorError && error.cause instanceof Error ? error.cause : error
  const more: Omit<Finding, 'code' | 'message'> = {
    hint: 'This is a bug of this tool: an issue with these lines will be read. Connection URLs and passwords are taken out of them.',
  }
  return problem('internal', inner instanceof Error ? (inner.stack ?? inner.message) : `thrown: ${String(inner)}`, more)
}
