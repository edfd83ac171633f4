import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { type GateResult, readAll, waitForGate } from '../engine/lag/gate.ts'
import { type ObservedReplicated, observeReplicated } from '../engine/lag/observe-replicated.ts'
import { ReplicationMonitor } from '../engine/lag/replication-monitor.ts'
import { type Code, type Outcome, type Problem, problem, Rejection, type Warning } from '../errors.ts'
import { phase } from '../events.ts'
import { notPrepared } from '../plan/judge-replication.ts'
import { gapWarnings } from '../plan/replication-gaps.ts'
import type { ReplicationReading } from '../plan/replication-reading.ts'
import type { CommandResult, DatabaseResult } from '../plan/results.ts'
import { listed } from '../plan/rules/listing.ts'
import type { CommandContext } from './context.ts'

/** Where replication stands; with thresholds a gate, which opens only once they hold. Writes nothing but the row of our marker. */
export async function status(context: CommandContext): Promise<CommandResult> {
  const { config, emit, signal } = context
  const startedAt = new Date()
  const observed = await phase(emit, 'observe', undefined, () =>
    isGate(config) ? observePatiently(context) : observeReplicated(config, signal),
  )
  if (observed instanceof Rejection) return unreached(startedAt, observed)
  const monitors = openMonitors(context, observed)
  try {
    const look = config.watch ? watch : isGate(config) ? waitAtGate : lookTwice
    const looked = await phase(emit, 'status', undefined, () => look(context, monitors))
    const databases = await Promise.all([...looked.readings].map((one) => databaseResult(config, observed, monitors, one)))
    const findings = databases.flatMap(({ replication }) => replication?.findings ?? [])
    const problems = [
      ...(databases.length === 0 ? [notPrepared(config.target.database)] : []),
      ...looked.problems,
      ...findings.filter((one): one is Problem => one.severity === 'problem'),
    ]
    return {
      command: 'status',
      outcome: outcomeOf(config, problems),
      startedAt,
      finishedAt: new Date(),
      source: observed.source,
      target: observed.target,
      problems,
      warnings: [
        ...findings.filter((one): one is Warning => one.severity === 'warning'),
        ...databases.flatMap(({ name, replication }) => (replication?.gaps === undefined ? [] : gapWarnings(name, replication.gaps))),
      ],
      databases,
    }
  } finally {
    await Promise.all([...monitors.values()].map((monitor) => monitor[Symbol.asyncDispose]()))
  }
}

/** A target that can't be reached for a while keeps the gate shut for as long; any other refusal is one. */
async function observePatiently({ config, signal }: CommandContext): Promise<ObservedReplicated | Rejection> {
  for (const deadline = performance.now() + (config.wait ?? 0) * 1000; ; ) {
    try {
      return await observeReplicated(config, signal)
    } catch (error) {
      if (!(error instanceof Rejection) || !error.problems.every(({ code }) => unreachable.has(code))) throw error
      if (performance.now() >= deadline) return error
    }
    await sleep(apart, undefined, { signal })
  }
}

const unreachable: ReadonlySet<Code> = new Set<Code>([
  'connection-refused',
  'connection-timeout',
  'connection-lost',
  'connections-exhausted',
])

/** What isn't known isn't met. */
function unreached(startedAt: Date, { problems, warnings }: Rejection): CommandResult {
  const nothing = { source: null, target: null, databases: [] }
  return { command: 'status', outcome: 'not-met', startedAt, finishedAt: new Date(), ...nothing, problems, warnings }
}

type Monitors = ReadonlyMap<string, ReplicationMonitor>

interface Looked {
  readonly readings: ReadonlyMap<string, ReplicationReading>
  readonly problems: readonly Problem[]
}

/** Any of them makes it a gate: `wait` alone waits for every table to be ready. */
function isGate({ maxLagBytes, maxLagSeconds, wait }: Config): boolean {
  return maxLagBytes !== undefined || maxLagSeconds !== undefined || wait !== undefined
}

/** Seconds to wait for a marker, and milliseconds between two looks, which tell how fast it goes. */
const patience = 5
const apart = 1000

async function lookTwice({ emit, signal }: CommandContext, monitors: Monitors): Promise<Looked> {
  const begun = performance.now()
  await readAll(monitors, 0, () => {})
  await sleep(Math.max(0, begun + apart - performance.now()), undefined, { signal })
  return { readings: await readAll(monitors, patience, emit), problems: [] }
}

async function waitAtGate({ config, emit, signal }: CommandContext, monitors: Monitors): Promise<Looked> {
  const { maxLagBytes, maxLagSeconds, wait = 0 } = config
  const result = await waitForGate({ monitors, gate: { maxLagBytes, maxLagSeconds, wait }, emit, signal })
  return { readings: result.readings, problems: result.met ? [] : lagNotMet(result) }
}

/** Until stopped: that is its end, not an interruption. */
async function watch({ emit, signal }: CommandContext, monitors: Monitors): Promise<Looked> {
  let readings: Looked['readings'] = new Map()
  while (!signal.aborted) {
    const begun = performance.now()
    const latest = await readAll(monitors, 1, emit).catch((error: unknown) => {
      if (!signal.aborted) throw error
      return readings
    })
    readings = latest
    await sleep(Math.max(0, begun + apart - performance.now()), undefined, { signal }).catch(() => undefined)
  }
  return { readings, problems: [] }
}

function lagNotMet({ unmet }: GateResult): Problem[] {
  return [...unmet]
    .filter(([, reasons]) => reasons.length > 0)
    .map(([database, reasons]) =>
      problem('lag-not-met', `Database ${database} is not where it should be: ${listed(reasons)}.`, {
        database,
        hint: 'Wait for longer (`wait`), or allow more.',
      }),
    )
}

function outcomeOf(config: Config, problems: readonly Problem[]): Outcome {
  if (problems.length === 0) return 'done'
  return isGate(config) && !config.watch ? 'not-met' : 'failed'
}

function openMonitors({ config, signal }: CommandContext, { source, target, databases }: ObservedReplicated): Monitors {
  const identifiers = { source: source?.systemIdentifier ?? '', target: target.systemIdentifier }
  return new Map(databases.map((database) => [database, new ReplicationMonitor({ config, database, identifiers, signal })]))
}

async function databaseResult(
  { scope }: Config,
  { all }: ObservedReplicated,
  monitors: Monitors,
  [name, reading]: readonly [string, ReplicationReading],
): Promise<DatabaseResult> {
  const others = all.filter((one) => one !== name)
  const gaps = await monitors.get(name)?.readGaps(scope, others, reading.state)
  return { name, tables: [], replication: { ...reading, ...(gaps === undefined ? {} : { gaps }) } }
}
