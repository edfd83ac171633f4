import type { Event } from '../events.ts'
import { failureLines } from './failure.ts'
import { formatBytes, formatDuration, formatRate, formatRoughDuration, formatShare, plural } from './format.ts'
import { displayName, displayPart, printableLines } from './names.ts'
import { type LagEvent, Progress, type Snapshot } from './progress.ts'
import type { Output, Reporter } from './reporter.ts'

export type LogLevel = 'error' | 'warning' | 'info' | 'debug'

interface LineOptions {
  readonly level: LogLevel
  /** Seconds between two lines of progress. */
  readonly interval?: number
  /** Seconds, from any origin. */
  readonly clock?: () => number
}

/** For logs: a line per phase, and one of progress every few seconds. */
export function lineReporter({ write, styles }: Output, { level, interval = 5, clock = seconds }: LineOptions): Reporter {
  const progress = new Progress()
  let last = clock()
  const say = (lines: readonly string[]) => write(`${lines.join('\n')}\n`)
  return {
    event(event) {
      const now = clock()
      progress.add(event, now)
      const lines = eventLines(event, level, styles)
      if (lines.length > 0) say(lines)
      if (event.type === 'copy-planned' || event.type === 'verify-planned') last = now
      if (now - last < interval || !shows('info', level)) return
      last = now
      const line = progressLine(progress.snapshot(now))
      if (line !== undefined) say([line])
    },
  }
}

/** What an event says by itself. Warnings wait for the result, where all findings stand together; so do the details of failures. */
export function eventLines(event: Event, level: LogLevel, styles: Output['styles']): string[] {
  switch (event.type) {
    case 'phase-started':
      return shows('debug', level) ? [`${event.phase}${ofDatabase(event.database)} …`] : []
    case 'phase-finished':
      return shows('info', level)
        ? [`${styles.green('✓')} ${event.phase}${ofDatabase(event.database)} ${styles.dim(formatDuration(event.seconds))}`]
        : []
    case 'copy-planned':
      return shows('info', level)
        ? [
            `copying ${plural(event.tables, 'table')} of ${displayPart(event.database)}, ${formatBytes(event.bytes)}${skipped(event.skippedTables)}`,
          ]
        : []
    case 'verify-planned':
      return shows('info', level)
        ? [`verifying ${plural(event.tables, 'table')} of ${displayPart(event.database)}, ${formatBytes(event.bytes)}`]
        : []
    case 'table-finished':
      return shows('debug', level)
        ? [
            `  ${displayName(event.table)}${partOf(event)}: ${plural(event.rows, 'row')}, ${formatBytes(event.bytes)}, ${formatDuration(event.seconds)}`,
          ]
        : []
    case 'indexes-finished':
      return shows('debug', level)
        ? [`  ${displayName(event.table)}: ${plural(event.count, 'index', 'indexes')}, ${formatDuration(event.seconds)}`]
        : []
    case 'table-verified':
      return shows(event.result === 'different' ? 'warning' : 'debug', level) ? [`  ${displayName(event.table)}: ${event.result}`] : []
    case 'table-failed':
      return failureLines({ ...event.finding, severity: 'problem' }, styles).slice(0, 1)
    case 'lag':
      return shows('debug', level) ? [`  ${lagOf(event)}`] : []
    case 'note':
      return shows('info', level) ? [printableLines(event.message)] : []
    default:
      return []
  }
}

/** Totals while tables are under way, else the phase that is. */
export function progressLine(snapshot: Snapshot): string | undefined {
  if (!isCounting(snapshot)) return lagLine(snapshot.lags) ?? snapshot.phases.at(-1)?.concat(' …')
  const { kind, tables, bytes, rate, secondsLeft, indexing } = snapshot
  return [
    `${tables.done} of ${plural(tables.total, 'table')}${kind === 'copy' ? '' : ' verified'}`,
    `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)} (${formatShare(bytes.done, bytes.total)})`,
    ...(rate === undefined || bytes.done === bytes.total ? [] : [formatRate(rate)]),
    ...(secondsLeft === undefined || bytes.done === bytes.total ? [] : [`about ${formatRoughDuration(secondsLeft)} left`]),
    ...(indexing.length === 0 ? [] : [`indexing ${plural(indexing.length, 'table')}`]),
    ...(tables.failed === 0 ? [] : [`${tables.failed} failed`]),
  ].join(', ')
}

/** Databases of which a line tells. */
const mostLags = 3

/** The databases that are furthest behind. */
function lagLine(lags: readonly LagEvent[]): string | undefined {
  if (lags.length === 0) return undefined
  const shown = lags.toSorted((a, b) => Number((b.bytes ?? 0n) - (a.bytes ?? 0n))).slice(0, mostLags)
  const rest = lags.length - shown.length
  return [...shown.map(lagOf), ...(rest > 0 ? [`and ${plural(rest, 'more database')}`] : [])].join('; ')
}

/** `shop: 12 MB and 3.2 s behind, 13 of 14 tables ready, about 20 s left`. */
export function lagOf({ database, bytes, seconds, readyTables, tables, secondsLeft }: LagEvent): string {
  const figures = [...(bytes === null ? [] : [formatBytes(bytes)]), ...(seconds === null ? [] : [formatDuration(seconds)])]
  return [
    `${displayPart(database)}: ${figures.length === 0 ? 'lag unknown' : `${figures.join(' and ')} behind`}`,
    `${readyTables} of ${plural(tables, 'table')} ready`,
    ...(secondsLeft === null || secondsLeft < 1 ? [] : [`about ${formatRoughDuration(secondsLeft)} left`]),
  ].join(', ')
}

export function isCounting({ kind, tables, active, indexing }: Snapshot): boolean {
  return kind !== undefined && (tables.done + tables.failed < tables.total || active.length > 0 || indexing.length > 0)
}

const levels = ['error', 'warning', 'info', 'debug'] as const

export function shows(wanted: LogLevel, level: LogLevel): boolean {
  return levels.indexOf(wanted) <= levels.indexOf(level)
}

export function partOf({ part, parts }: { readonly part: number; readonly parts: number }): string {
  return parts > 1 ? ` part ${part + 1}/${parts}` : ''
}

function ofDatabase(database: string | undefined): string {
  return database === undefined ? '' : ` of ${displayPart(database)}`
}

function skipped(tables: number): string {
  return tables === 0 ? '' : ` (${plural(tables, 'table')} already there)`
}

function seconds(): number {
  return performance.now() / 1000
}
