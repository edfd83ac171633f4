import type { ConnectionSettings } from '../../config/config.ts'
import { ReplicatorError } from '../../errors.ts'
import { checksum, type Fingerprint } from '../../plan/fingerprint.ts'
import type { TableVerification } from '../../plan/results.ts'
import type { Reading } from '../../sql/fingerprint.ts'
import { type ReadJob, readFingerprints, type Side } from './read-fingerprints.ts'

/** The same thing on both sides. */
export interface Pair {
  readonly bytes: bigint
  readonly source: readonly Reading[]
  readonly target: readonly Reading[]
  /** Exported by either server: what all readings see. */
  readonly snapshots?: { readonly source: string; readonly target: string }
  readonly finish: (result: TableVerification | ReplicatorError) => void
}

export interface BothSides {
  readonly database: string
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  /** Connections per side. */
  readonly jobs: number
  readonly signal: AbortSignal
}

/** Reads both sides at once, and compares what they show. `utf8`: hash the text as UTF-8. */
export async function readBoth(
  { database, source, target, jobs, signal }: BothSides,
  utf8: boolean,
  pairs: readonly Pair[],
): Promise<void> {
  const side = (settings: ConnectionSettings): Side => ({ settings, database, connections: jobs, utf8, signal })
  const sourceJobs: ReadJob[] = []
  const targetJobs: ReadJob[] = []
  for (const pair of pairs) {
    const results: { source?: Fingerprint | ReplicatorError; target?: Fingerprint | ReplicatorError } = {}
    const done = (which: 'source' | 'target') => (result: Fingerprint | ReplicatorError) => {
      results[which] = result
      if (results.source !== undefined && results.target !== undefined) pair.finish(compare(results.source, results.target))
    }
    const { bytes, snapshots } = pair
    sourceJobs.push({ bytes, readings: pair.source, done: done('source'), ...(snapshots && { snapshot: snapshots.source }) })
    targetJobs.push({ bytes, readings: pair.target, done: done('target'), ...(snapshots && { snapshot: snapshots.target }) })
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
