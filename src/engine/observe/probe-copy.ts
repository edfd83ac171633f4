import type { Config } from '../../config/config.ts'
import { relayCopy } from '../../pg/copy-relay.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import type { Session } from '../../pg/session.ts'
import { tableBytes } from '../../plan/parts.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { identifier, qualified } from '../../sql/identifier.ts'
import { openObserver } from './open-observer.ts'

export interface ProbedTable extends TablePlan {
  readonly database: string
  /** `format_type` of each of `columns`. */
  readonly columnTypes: readonly string[]
}

interface Measured {
  readonly bytes: bigint
  readonly seconds: number
}

interface Stream {
  readonly source: Session
  readonly target: Session | null
}

/** Bytes that each stream begins with: a moment even on a slow line. */
const firstSample = 1024 * 1024

/** Seconds that a round should take to be believed. */
const longEnough = 0.5

/**
 * Copies growing samples until one took long enough to tell the rate. At the deadline the last whole round counts, or else what had arrived of
 * the first. `target` false: the source alone.
 */
export async function measureCopy(
  config: Config,
  table: ProbedTable,
  how: { target: boolean; streams: number },
  signal: AbortSignal,
): Promise<Measured> {
  const streams: Stream[] = []
  let measured: Measured | null = null
  let arrived = 0
  let began = 0
  try {
    while (streams.length < how.streams) streams.push(await openStream(config, table.database, how.target, signal))
    const whole = Number(tableBytes(table))
    let sample = firstSample
    began = performance.now()
    for (let round = 0; round < 3; round++) {
      const share = Math.min(1, sample / whole)
      const { seconds } = (measured = await copySamples(streams, table, { share, round }, (bytes) => (arrived += bytes)))
      if (share === 1 || seconds > longEnough) break
      sample *= Math.min(16, (1.5 * longEnough) / seconds)
    }
  } catch (error) {
    if (measured === null && arrived === 0) throw error
  } finally {
    await Promise.all(streams.flatMap(({ source, target }) => [source[Symbol.asyncDispose](), target?.[Symbol.asyncDispose]()]))
  }
  return measured ?? { bytes: BigInt(arrived), seconds: (performance.now() - began) / 1000 }
}

async function openStream(config: Config, database: string, withTarget: boolean, signal: AbortSignal): Promise<Stream> {
  const source = await openObserver(config.source, database, signal)
  const target = withTarget ? await openMaintenanceSession(config.target, signal) : null
  return { source, target }
}

interface Sample {
  /** Of the table, from 0 to 1. */
  readonly share: number
  readonly round: number
}

async function copySamples(
  streams: readonly Stream[],
  table: ProbedTable,
  { share, round }: Sample,
  onBytes: (bytes: number) => void,
): Promise<Measured> {
  await Promise.all(streams.map(({ target }) => target?.run(`begin; ${createTemporary(table)}`)))
  const started = performance.now()
  await Promise.all(
    streams.map(({ source, target }, index) => {
      const sourceSql = readSample(table, share, round * streams.length + index)
      // The driver drops what a COPY returns.
      return target === null
        ? source.run(sourceSql)
        : relayCopy({ source, sourceSql, target, targetSql: `copy pg_temp.seren_probe from stdin (${options(table)})`, onBytes })
    }),
  )
  const seconds = (performance.now() - started) / 1000
  await Promise.all(streams.map(({ target }) => target?.run('rollback')))
  return { bytes: BigInt(Math.round(Number(tableBytes(table)) * share * streams.length)), seconds }
}

/** By blocks, so that only those are read. https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM */
function readSample(table: ProbedTable, share: number, seed: number): string {
  const sample = share === 1 ? '' : ` tablesample system (${(share * 100).toFixed(9)}) repeatable (${seed})`
  return `copy (select ${table.columns.map(identifier).join(', ')} from only ${qualified(table)}${sample}) to stdout (${options(table)})`
}

/** Types of the user's own aren't on the target yet: their values travel as text. */
function createTemporary({ columns, columnTypes }: ProbedTable): string {
  const list = columns.map((name, index) => `${identifier(name)} ${builtInType(columnTypes[index])}`)
  return `create temporary table seren_probe (${list.join(', ')}) on commit drop`
}

function builtInType(type: string | undefined): string {
  return type === undefined || !isBuiltIn(type) ? 'text' : type
}

function options(table: ProbedTable): string {
  return table.format === 'binary' && table.columnTypes.every(isBuiltIn) ? 'format binary' : 'format text'
}

/** With an empty search_path, format_type qualifies whatever isn't the system's. */
function isBuiltIn(type: string): boolean {
  return !type.includes('.')
}
