import type { Config } from '../../config/config.ts'
import { ReplicatorError } from '../../errors.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import type { Session } from '../../pg/session.ts'
import { makePlan } from '../../plan/make-plan.ts'
import type { Observed, ObservedProbe } from '../../plan/observed.ts'
import { tableBytes } from '../../plan/parts.ts'
import type { Plan } from '../../plan/plan.ts'
import { openObserver } from './open-observer.ts'
import { measureCopy, type ProbedTable } from './probe-copy.ts'

/** Seconds that the probe may take in all. */
const deadline = 3

/** A short while of real COPY, as many at once as there will be, from the largest table into temporary ones. Leaves nothing behind. */
export async function probe(config: Config, observed: Observed, signal: AbortSignal): Promise<ObservedProbe> {
  const plan = makePlan(config, observed)
  const table = largestTable(plan, observed)
  const roundTrips = await measureRoundTrips(config, table?.database, signal)
  if (table === null) return { ...roundTrips, table: null, bytes: 0n, seconds: 0, streams: 1, target: true }
  const { database, schema, name } = table
  const found = { ...roundTrips, table: { database, schema, name }, streams: plan.jobs }
  const end = performance.now() + deadline * 1000
  for (const target of [true, false]) {
    const left = AbortSignal.timeout(Math.max(0, Math.ceil(end - performance.now())))
    const copied = await attempt(() => measureCopy(config, table, { target, streams: plan.jobs }, AbortSignal.any([signal, left])), signal)
    if (copied !== null) return { ...found, ...copied, target }
  }
  return { ...found, bytes: 0n, seconds: 0, target: false }
}

function largestTable(plan: Plan, observed: Observed): ProbedTable | null {
  const tables = plan.databases.flatMap(({ name: database, tables }) =>
    tables
      .filter(({ rule, columns }) => (rule === 'copy' || rule === 'filtered') && columns.length > 0)
      .map((table) => ({ ...table, database })),
  )
  const largest = tables.reduce<(typeof tables)[number] | null>(
    (most, one) => (most === null || tableBytes(one) > tableBytes(most) ? one : most),
    null,
  )
  if (largest === null || tableBytes(largest) === 0n) return null
  const relations = observed.databases.find(({ source }) => source.name === largest.database)?.catalog?.relations
  const types = new Map(relations?.find(({ oid }) => oid === largest.oid)?.columns.map(({ name, type }) => [name, type]))
  return { ...largest, columnTypes: largest.columns.map((name) => types.get(name) ?? 'text') }
}

async function measureRoundTrips(
  config: Config,
  database: string | undefined,
  signal: AbortSignal,
): Promise<Pick<ObservedProbe, 'sourceRoundTrip' | 'targetRoundTrip'>> {
  await using source = await openObserver(config.source, database ?? config.source.database, signal)
  await using target = await openMaintenanceSession(config.target, signal)
  return { sourceRoundTrip: await roundTrip(source), targetRoundTrip: await roundTrip(target) }
}

/** The best of three: the rest is what the machines did besides. */
async function roundTrip(session: Session): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const started = performance.now()
    await session.run('select')
    times.push((performance.now() - started) / 1000)
  }
  return Math.min(...times)
}

/** What the servers refuse is no failure of the plan's: it goes without. */
async function attempt<T>(body: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await body()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ReplicatorError || (error instanceof DOMException && error.name === 'TimeoutError')) return null
    throw error
  }
}
