import { appendFile } from 'node:fs/promises'
import type { CommandResult, DatabaseResult } from '../../plan/results.ts'
import { formatBytes, formatCount, formatDuration, formatRate, formatRoughDuration, plural } from '../format.ts'
import { secondsOf, title } from '../headline.ts'
import { displayPart } from '../names.ts'
import type { Redact } from '../redact.ts'
import { bytesWords, lagWords, replicationTotals } from '../replication-words.ts'
import type { Reporter } from '../reporter.ts'
import { byImportance } from '../table-words.ts'
import { allTables, dataBytes, isCopied, isCounted, largest, type Totals, totalsOf } from '../totals.ts'
import { gantt, pie } from './diagrams.ts'
import { addFindings } from './findings.ts'
import { code, details, escapeHtml, type Row } from './markup.ts'
import { addReplication, stepHead, stepRow } from './replication.ts'
import { Room, table } from './room.ts'
import {
  copyView,
  differenceHead,
  differenceRow,
  filterHead,
  filterRow,
  leftOutHead,
  leftOutRow,
  planView,
  type TableView,
  verifyView,
} from './tables.ts'
import { Timeline } from './timeline.ts'

interface JobSummaryOptions {
  /** `GITHUB_STEP_SUMMARY`: what a step appends there is shown on the run's page. */
  readonly file: string
  readonly redact: Redact
  /** Where docs/errors.md of this version can be read. */
  readonly manual?: string | undefined
}

/** Writes what happened as Markdown, for the page of the workflow run. */
export function jobSummaryReporter({ file, redact, manual }: JobSummaryOptions): Reporter {
  const timeline = new Timeline()
  return {
    event(event) {
      timeline.add(event, Date.now())
    },
    async finished(result) {
      await appendFile(file, redact(jobSummary(result, timeline, manual)))
    },
  }
}

/** What matters most comes first, because what doesn't fit is left out at the end. */
export function jobSummary(result: CommandResult, timeline: Timeline, manual?: string): string {
  const room = new Room()
  const totals = totalsOf(result)
  room.add(`## ${icons[result.outcome]} ${escapeHtml(title(result))}\n\n`)
  room.add(servers(result))
  room.add(figures(result, totals))
  addFindings(room, result.problems, result.warnings, manual)
  if (result.command === 'plan') room.add(pie(allTables(result), result.databases.length))
  if (timed.has(result.command)) room.add(withLegend(gantt(timeline, result.databases.length, result.finishedAt.getTime())))
  if (result.steps !== undefined && result.steps.length > 0) room.addTable(stepHead, result.steps, stepRow, 'steps')
  for (const database of result.databases) addReplication(room, database)
  const view = viewOf(result)
  for (const database of result.databases) {
    addDifferences(room, database)
    addFilters(room, database)
    if (result.command === 'plan') addLeftOut(room, database)
    if (view !== undefined) addTables(room, database, view, result.databases.length <= 3)
  }
  return room.text
}

/** What takes its time, and does it in phases. */
const timed: ReadonlySet<string> = new Set(['init', 'sync', 'replicate'])

const icons: { readonly [outcome in CommandResult['outcome']]: string } = {
  done: '✅',
  failed: '❌',
  rejected: '🚫',
  different: '❌',
  'not-met': '⏳',
  'to-be-continued': '⏸️',
  interrupted: '⏹️',
}

function servers({ source, target }: CommandResult): string {
  const known = [
    ['source', source],
    ['target', target],
  ] as const
  const shown = known.flatMap(([side, server]) =>
    server === null ? [] : [`${side} ${code(`${server.host}:${server.port}`)} PostgreSQL ${escapeHtml(server.version)}`],
  )
  return shown.length === 0 ? '' : `<p>${shown.join(' → ')}</p>\n\n`
}

/** The numbers that one looks for, in large. */
function figures(result: CommandResult, totals: Totals): string {
  const found = figuresOf(result, totals)
  if (found.length === 0) return ''
  const head = found.map(([title]) => ({ html: title, align: 'center' as const }))
  const values: Row = found.map(([, value]) => ({ html: `<b>${value}</b>`, align: 'center' as const }))
  return table(head, [values], (row) => row, '')
}

function figuresOf(result: CommandResult, totals: Totals): [string, string][] {
  const seconds = secondsOf(result)
  switch (result.command) {
    case 'plan': {
      if (result.databases.length === 0) return []
      const estimate = result.estimatedSeconds == null ? 'unknown' : `about ${formatRoughDuration(result.estimatedSeconds)}`
      const digest: [string, string][] = result.planDigest === undefined ? [] : [['digest', code(result.planDigest.slice(0, 16))]]
      return [
        ['databases', formatCount(result.databases.length)],
        ['tables', formatCount(totals.tables)],
        ['to copy', formatBytes(totals.plannedBytes)],
        ['will take', estimate],
        ['jobs', String(result.jobs ?? '')],
        ...digest,
      ]
    }
    case 'sync':
    case 'status':
      return lagFigures(result, seconds)
    case 'init':
    case 'replicate': {
      if (totals.tables === 0) return []
      const rate = formatRate(Number(totals.copiedBytes) / Math.max(seconds, 0.001))
      const rest: [string, string][] = totals.remainingTables === 0 ? [] : [['to go', plural(totals.remainingTables, 'table')]]
      return [
        ['tables', `${formatCount(totals.copiedTables)} of ${formatCount(totals.copiedTables + totals.remainingTables)}`],
        ['rows', formatCount(totals.copiedRows)],
        ['bytes', formatBytes(totals.copiedBytes)],
        ['time', formatDuration(seconds)],
        ['rate', rate],
        ...rest,
        ...lagFigures(result, seconds).slice(0, -1),
      ]
    }
    case 'verify':
      if (totals.verified + totals.skipped === 0) return []
      return [
        ['equal', formatCount(totals.verified - totals.different)],
        ['different', formatCount(totals.different)],
        ['skipped', formatCount(totals.skipped)],
        ['schema differences', formatCount(totals.schemaDifferences)],
        ['time', formatDuration(seconds)],
      ]
    default:
      return []
  }
}

function lagFigures(result: CommandResult, seconds: number): [string, string][] {
  const found = replicationTotals(result)
  if (found === undefined) return []
  return [
    ['behind', bytesWords(found.lagBytes)],
    ['', lagWords(found.lag)],
    ['tables ready', `${formatCount(found.ready)} of ${formatCount(found.tables)}`],
    ['WAL kept', bytesWords(found.retainedBytes)],
    ['time', formatDuration(seconds)],
  ]
}

function viewOf({ command, databases }: CommandResult): TableView | undefined {
  const tables = databases.flatMap((database) => database.tables)
  if (command === 'plan') return planView(largest(tables.filter(isCopied).map(dataBytes)))
  if (command === 'init' || command === 'replicate') return copyView(largest(tables.map(({ copiedBytes = 0n }) => copiedBytes)))
  return command === 'verify' ? verifyView : undefined
}

function addTables(room: Room, database: DatabaseResult, { head, row }: TableView, open: boolean): void {
  const tables = database.tables.filter(isCounted).toSorted(byImportance)
  const action = database.action === undefined ? '' : ` · ${database.action}`
  const title = `<b>${code(displayPart(database.name))}</b>${action} · ${plural(tables.length, 'table')}${largeObjects(database)}`
  room.add(details(title, tables.length === 0 ? '' : table(head, tables, row, 'tables'), open && tables.length <= 40))
}

function addFilters(room: Room, { name, tables }: DatabaseResult): void {
  const filtered = tables.filter(({ filter }) => filter !== undefined)
  if (filtered.length === 0) return
  const title = `<b>${code(displayPart(name))}</b> · ${plural(filtered.length, 'filter')}`
  room.add(details(title, table(filterHead, filtered, filterRow, 'filters'), filtered.length <= 10))
}

function addDifferences(room: Room, { name, schemaDifferences = [] }: DatabaseResult): void {
  if (schemaDifferences.length === 0) return
  room.add(`<h3>Schema of ${code(displayPart(name))}</h3>\n\n`)
  room.addTable(differenceHead, schemaDifferences, differenceRow, 'differences')
}

function addLeftOut(room: Room, { name, leftOut = [] }: DatabaseResult): void {
  if (leftOut.length === 0) return
  room.add(`<h3>Left out of ${code(displayPart(name))}</h3>\n\n`)
  room.addTable(leftOutHead, leftOut, leftOutRow, 'objects')
}

function largeObjects({ largeObjects: found }: DatabaseResult): string {
  if (found === undefined || found.count === 0n) return ''
  const verified = found.verify === undefined ? '' : ` ${found.verify}`
  return ` · ${plural(found.count, 'large object')}, ${formatBytes(found.bytes)}${verified}`
}

function withLegend(diagram: string): string {
  return diagram === '' ? '' : `${diagram}<sub>Blue: rows. Grey: indexes. Red: failed. The longest tables of all.</sub>\n\n`
}
