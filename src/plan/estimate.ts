import type { ObservedProbe } from './observed.ts'
import { tableBytes } from './parts.ts'
import type { TablePlan } from './plan.ts'

/**
 * Seconds for the tables that are still to be copied, from the probe's rate. An index is taken to be written as fast as rows are; and
 * each table costs round trips of its own, however small it is: to read and load it, and one for each index.
 */
export function estimateSeconds(tables: readonly TablePlan[], probe: ObservedProbe | undefined, jobs: number): number | null {
  if (probe === undefined) return null
  const pending = tables.filter(({ rule, copied }) => !copied && (rule === 'copy' || rule === 'filtered'))
  const bytes = pending.reduce((sum, table) => sum + tableBytes(table) + table.indexBytes, 0n)
  const streams = Math.min(jobs, probe.streams, Math.max(1, pending.flatMap(({ parts }) => parts).length))
  const rate = probe.bytes > 0n && probe.seconds > 0 ? (Number(probe.bytes) / probe.seconds / probe.streams) * streams : null
  if (rate === null && bytes > 0n) return null
  const trips = pending.reduce((sum, { parts, indexes }) => sum + parts.length * copyTrips + indexes, 0)
  return (rate === null ? 0 : Number(bytes) / rate) + (trips * (probe.sourceRoundTrip + probe.targetRoundTrip)) / jobs
}

/** Begin and commit on both sides around the COPY. */
const copyTrips = 3

/** Of the time budget, what one table may be estimated to take: rates vary, and its indexes follow. */
const share = 0.5

/**
 * Whether no run would ever finish it: then it's left to the target's own table synchronisation, which has no end. Only what is followed can be, and
 * `seconds` is of the whole budget.
 */
export function isTooBig(table: TablePlan, seconds: number | undefined, probe: ObservedProbe | undefined, jobs: number): boolean {
  if (seconds === undefined || table.publish === null || table.copied || table.kind !== 'table') return false
  const estimate = estimateSeconds([table], probe, jobs)
  return estimate !== null && estimate > seconds * share
}
