import type { ObservedRelation } from './observed.ts'
import type { TablePart } from './plan.ts'

/**
 * A part is worth a session of its own from this size on. Below, splitting gains nothing in the whole: parts can't be frozen, and what
 * several sessions save with the rows is lost again with the indexes.
 */
export const partBytes = 1024n ** 3n

type Sized = Pick<ObservedRelation, 'heapBytes' | 'toastBytes'>

/** TOAST counts: a table of few blocks can hold most of a database there. */
export function tableBytes({ heapBytes, toastBytes }: Sized): bigint {
  return heapBytes + toastBytes
}

export function isLarge(relation: Sized): boolean {
  return tableBytes(relation) >= 2n * partBytes
}

/** Whole, unless the table is so much of the database that it alone would keep one worker busy when all others are done. */
export function decideParts(
  relation: ObservedRelation,
  { jobs, totalBytes, sourceVersion }: { jobs: number; totalBytes: bigint; sourceVersion: number },
): TablePart[] {
  const bytes = tableBytes(relation)
  const dominates = bytes > totalBytes / BigInt(jobs)
  if (jobs < 2 || !isLarge(relation) || !dominates) return [{ by: 'whole' }]
  // As many for each worker: the last round of an uneven share would leave the others idle.
  const count = Math.ceil(Number((bytes + partBytes - 1n) / partBytes) / jobs) * jobs
  const bounds = sourceVersion >= 140000 ? blockBounds(relation.blocks, count) : []
  if (bounds.length > 0) return ranges(bounds).map(([from, to]) => ({ by: 'ctid', from, to }))
  const { splitKey } = relation
  const keys = splitKey === null ? [] : evenly(splitKey.bounds.slice(1, -1), count)
  return splitKey === null || keys.length === 0
    ? [{ by: 'whole' }]
    : ranges(keys).map(([from, to]) => ({ by: 'key', column: splitKey.column, from, to }))
}

function blockBounds(blocks: number, count: number): number[] {
  const bounds = Array.from({ length: count - 1 }, (_, index) => Math.floor((blocks * (index + 1)) / count))
  return [...new Set(bounds)].filter((bound) => bound > 0)
}

/** Some of the histogram's bounds, at equal distances, so that `count` parts come of it. */
function evenly(bounds: readonly string[], count: number): string[] {
  const chosen = Array.from({ length: count - 1 }, (_, index) => bounds[Math.floor(((index + 1) * (bounds.length + 1)) / count) - 1])
  return [...new Set(chosen)].filter((bound) => bound !== undefined)
}

/** Open at both ends, so that no row falls outside. */
function ranges<T>(bounds: readonly T[]): [from: T | null, to: T | null][] {
  return [null, ...bounds].map((from, index) => [from, bounds[index] ?? null])
}
