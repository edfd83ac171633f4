import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import { ReplicatorError } from '../../errors.ts'
import type { Emit, Event } from '../../events.ts'
import { type LargeObjectBounds, readLargeObjectBounds } from '../../pg/catalog/large-object-bounds.ts'
import { readTableLayouts } from '../../pg/catalog/table-layouts.ts'
import type { Unsettled } from '../../plan/following.ts'
import type { TablePlan } from '../../plan/plan.ts'
import type { TableVerification } from '../../plan/results.ts'
import { planVerification, type SideLayout, type TableComparison } from '../../plan/verification.ts'
import type { Reading } from '../../sql/fingerprint.ts'
import { openObserver } from '../observe/open-observer.ts'
import { type Doubtful, type Followed, lookAgain } from './look-again.ts'
import { type Pair, readBoth } from './read-both.ts'

export interface RowVerification {
  /** By the plan's order of tables; `failure` where one side couldn't be read. */
  readonly tables: ReadonlyMap<TablePlan, TableVerification | ReplicatorError>
  /** Those that may differ although nothing is wrong, or of which it can't be told. */
  readonly unsettled: ReadonlyMap<TablePlan, Unsettled>
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
  /** Null: the target is a copy that nothing follows. */
  readonly followed: Followed | null
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
  const unsettled = new Map<TablePlan, Unsettled>()
  const doubtful: Doubtful[] = []
  const pairs: Pair[] = []
  for (const comparison of comparisons) {
    const settle: Doubtful['settle'] = (result, why) => {
      tables.set(comparison.table, result)
      if (why !== undefined) unsettled.set(comparison.table, why)
      emit(verified(database, comparison, result))
    }
    if (comparison.kind !== 'read') settle(unread(comparison.kind, comparison.reason))
    else if (options.followed === null) pairs.push({ ...comparison, finish: settle })
    else pairs.push({ ...comparison, finish: unlessDifferent(settle, (first) => doubtful.push({ comparison, first, settle })) })
  }
  let largeObjects: TableVerification | ReplicatorError | undefined
  if (options.largeObjects > 0n || (source.largeObjects.count === 0n && target.largeObjects.count > 0n)) {
    const readings = [source, target].map((side) => largeObjectReadings(side.largeObjects))
    const finish = (result: TableVerification | ReplicatorError) => void (largeObjects = result)
    pairs.unshift({ bytes: source.largeObjects.bytes, source: readings[0] ?? [], target: readings[1] ?? [], finish })
  }
  await readBoth(options, utf8, pairs)
  if (options.followed !== null) await lookAgain({ ...options, ...options.followed, utf8 }, doubtful)
  const { count, bytes: size } = source.largeObjects
  return { tables, unsettled, largeObjects: largeObjects === undefined ? null : { count, bytes: size, result: largeObjects } }
}

function unlessDifferent(settle: Doubtful['settle'], differs: (first: TableVerification) => void): Pair['finish'] {
  return (result) => (!(result instanceof ReplicatorError) && result.result === 'different' ? differs(result) : settle(result))
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
