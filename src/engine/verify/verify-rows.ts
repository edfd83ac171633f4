import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import { ReplicatorError } from '../../errors.ts'
import type { Emit, Event } from '../../events.ts'
import { type LargeObjectBounds, readLargeObjectBounds } from '../../pg/catalog/large-object-bounds.ts'
import { readTableLayouts } from '../../pg/catalog/table-layouts.ts'
import { checksum, type Fingerprint } from '../../plan/fingerprint.ts'
import type { TablePlan } from '../../plan/plan.ts'
import type { TableVerification } from '../../plan/results.ts'
import { planVerification, type SideLayout, type TableComparison } from '../../plan/verification.ts'
import type { Reading } from '../../sql/fingerprint.ts'
import { openObserver } from '../observe/open-observer.ts'
import { type ReadJob, readFingerprints, type Side } from './read-fingerprints.ts'

export interface RowVerification {
  /** By the plan's order of tables; `failure` where one side couldn't be read. */
  readonly tables: ReadonlyMap<TablePlan, TableVerification | ReplicatorError>
  /** Null where there are none to compare. */
  readonly largeObjects: { readonly count: bigint; readonly bytes: bigint; readonly result: TableVerification | ReplicatorError } | null
}

interface Options {
  readonly database: string
  readonly tables: readonly TablePlan[]
  /** As planned; none: not compared, for the scope leaves them out. */
  readonly largeObjects: bigint
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  /** Connections per side. */
  readonly jobs: number
  /** How much one statement reads; 256 MiB unless told. */
  readonly bytesPerStatement?: number
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Reads count and checksums of every table on both sides at once. Changes nothing on either. */
export async function verifyRows(options: Options): Promise<RowVerification> {
  const { database, emit } = options
  const [source, target] = await Promise.all([observeSide(options, options.source), observeSide(options, options.target)])
  const comparisons = planVerification(options.tables, source, target, options.bytesPerStatement)
  const utf8 = source.encoding !== target.encoding
  const bytes = comparisons.reduce((sum, one) => sum + (one.kind === 'read' ? one.bytes : 0n), 0n)
  emit({ type: 'verify-planned', database, tables: comparisons.length, bytes })

  const tables = new Map<TablePlan, TableVerification | ReplicatorError>()
  const pairs: Pair[] = []
  for (const comparison of comparisons) {
    const finish = (result: TableVerification | ReplicatorError) => {
      tables.set(comparison.table, result)
      emit(verified(database, comparison, result))
    }
    if (comparison.kind === 'read') pairs.push({ ...comparison, finish })
    else finish(unread(comparison.kind, comparison.reason))
  }
  let largeObjects: TableVerification | ReplicatorError | undefined
  if (options.largeObjects > 0n || (source.largeObjects.count === 0n && target.largeObjects.count > 0n)) {
    const readings = [source, target].map((side) => largeObjectReadings(side.largeObjects))
    const finish = (result: TableVerification | ReplicatorError) => void (largeObjects = result)
    pairs.unshift({ bytes: source.largeObjects.bytes, source: readings[0] ?? [], target: readings[1] ?? [], finish })
  }
  await readBoth(options, utf8, pairs)
  const { count, bytes: size } = source.largeObjects
  return { tables, largeObjects: largeObjects === undefined ? null : { count, bytes: size, result: largeObjects } }
}

interface ObservedSide extends SideLayout {
  readonly encoding: string
  readonly largeObjects: LargeObjectBounds
}

async function observeSide({ database, signal }: Options, settings: ConnectionSettings): Promise<ObservedSide> {
  await using session = await openObserver(settings, database, signal)
  const { encoding } = await session.one(
    z.object({ encoding: z.string() }),
    `select pg_catalog.current_setting('server_encoding') as encoding`,
  )
  const tables = await readTableLayouts(session)
  return { versionNumber: session.versionNumber, tables, encoding, largeObjects: await readLargeObjectBounds(session) }
}

function unread(result: 'skipped' | 'different', reason: string): TableVerification {
  return { result, sourceRows: null, targetRows: null, sourceChecksum: null, targetChecksum: null, reason }
}

function verified(database: string, comparison: TableComparison, result: TableVerification | ReplicatorError): Event {
  const { schema, name } = comparison.table
  const table = { schema, name }
  if (result instanceof ReplicatorError) return { type: 'table-failed', database, table, finding: result.finding }
  const { sourceRows, targetRows } = result
  const bytes = comparison.kind === 'read' ? comparison.bytes : 0n
  return { type: 'table-verified', database, table, result: result.result, sourceRows, targetRows, bytes }
}

function largeObjectReadings({ bounds }: LargeObjectBounds): Reading[] {
  return [null, ...bounds].map((from, index) => ({ of: 'large-objects', from, to: bounds[index] ?? null }))
}

/** The same thing on both sides. */
interface Pair {
  readonly bytes: bigint
  readonly source: readonly Reading[]
  readonly target: readonly Reading[]
  readonly finish: (result: TableVerification | ReplicatorError) => void
}

async function readBoth({ database, source, target, jobs, signal }: Options, utf8: boolean, pairs: readonly Pair[]): Promise<void> {
  const side = (settings: ConnectionSettings): Side => ({ settings, database, connections: jobs, utf8, signal })
  const sourceJobs: ReadJob[] = []
  const targetJobs: ReadJob[] = []
  for (const pair of pairs) {
    const results: { source?: Fingerprint | ReplicatorError; target?: Fingerprint | ReplicatorError } = {}
    const done = (which: 'source' | 'target') => (result: Fingerprint | ReplicatorError) => {
      results[which] = result
      if (results.source !== undefined && results.target !== undefined) pair.finish(compare(results.source, results.target))
    }
    sourceJobs.push({ bytes: pair.bytes, readings: pair.source, done: done('source') })
    targetJobs.push({ bytes: pair.bytes, readings: pair.target, done: done('target') })
  }
  await Promise.all([readFingerprints(side(source), sourceJobs), readFingerprints(side(target), targetJobs)])
}

function compare(source: Fingerprint | ReplicatorError, target: Fingerprint | ReplicatorError): TableVerification | ReplicatorError {
  if (source instanceof ReplicatorError) return incomparable(source, 'source')
  if (target instanceof ReplicatorError) return incomparable(target, 'target')
  const [sourceChecksum, targetChecksum] = [checksum(source), checksum(target)]
  const equal = source.rows === target.rows && sourceChecksum === targetChecksum
  const read = { sourceRows: source.rows, targetRows: target.rows, sourceChecksum, targetChecksum }
  return equal ? { result: 'equal', ...read } : { result: 'different', ...read, reason: difference(target.rows - source.rows) }
}

function incomparable(error: ReplicatorError, side: 'source' | 'target'): ReplicatorError {
  if (error.code !== 'statement-failed') return error
  const { hint } = error.finding
  return new ReplicatorError('table-incomparable', `the ${side} couldn't read it as text: ${error.message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(error.server === undefined ? {} : { server: error.server }),
  })
}

function difference(more: bigint): string {
  if (more === 0n) return 'the same number of rows, but not the same rows'
  const count = more > 0n ? more : -more
  return `the target has ${count} ${count === 1n ? 'row' : 'rows'} ${more > 0n ? 'more' : 'less'}`
}
