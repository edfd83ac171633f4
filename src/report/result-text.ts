import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import { failureLines } from './failure.ts'
import { filterLines } from './filter-text.ts'
import { formatBytes, formatCount, formatDuration, formatEstimate, formatRate, plural } from './format.ts'
import { headline } from './headline.ts'
import { displayName, displayPart, printable } from './names.ts'
import { replicationLines, stepLines } from './replication-text.ts'
import type { Output, Reporter, Styles } from './reporter.ts'
import { byImportance, methodOf, outcomeOf, verifyWords } from './table-words.ts'
import { type Column, textTable } from './text-table.ts'
import { isCounted } from './totals.ts'

interface Shown {
  /** Tables of a database in a list; the report has them all. */
  readonly most: number
  /** Of a line, where it isn't a terminal. */
  readonly columns: number
}

/** The result itself, after all is said and done: findings, tables, and one line that sums up. */
export function resultReporter(output: Output, shown: Shown = { most: 100, columns: 120 }): Reporter {
  return {
    finished(result) {
      output.write(
        resultLines(result, output.styles, { ...shown, ...output.size?.() })
          .map((line) => `${line}\n`)
          .join(''),
      )
    },
  }
}

function resultLines(result: CommandResult, styles: Styles, shown: Shown): string[] {
  const tables = result.databases.flatMap((database) => databaseLines(result, database, styles, shown))
  const findings = [
    ...result.warnings.flatMap((one) => failureLines(one, styles)),
    ...result.problems.flatMap((one) => failureLines(one, styles)),
  ]
  const estimate = result.command === 'plan' && result.planDigest !== undefined ? [styles.dim(`digest ${result.planDigest}`)] : []
  const good = result.outcome === 'done' || result.outcome === 'to-be-continued'
  const end = good ? `${styles.green('✓')} ${headline(result)}` : `${styles.red('✗')} ${headline(result)}`
  const dry = result.outcome === 'done' && result.steps?.every(({ done }) => !done) === true
  const steps = stepLines((result.steps ?? []).slice(0, shown.most), dry, styles)
  return [...spaced(tables), ...spaced(steps), ...spaced(findings), ...estimate, end]
}

function databaseLines(result: CommandResult, database: DatabaseResult, styles: Styles, shown: Shown): string[] {
  const { replication } = database
  const columns = columnsOf(result.command)
  const filters = chosen.has(result.command) ? filterLines(database.tables.slice(0, shown.most), shown.columns, styles) : []
  if (columns === undefined && replication === undefined && filters.length === 0) return []
  const title = `${styles.bold(displayPart(database.name))}${database.action === undefined ? '' : styles.dim(` ${database.action}`)}`
  const differences = (database.schemaDifferences ?? []).slice(0, shown.most)
  return [
    title,
    ...(columns === undefined ? [] : tableLines(database, columns, shown, styles)),
    ...(columns === undefined || filters.length === 0 ? [] : ['']),
    ...filters,
    ...(replication === undefined ? [] : replicationLines(replication, columns === undefined, shown.most, styles)),
    ...(result.command === 'plan' ? leftOutLines(database, styles, shown) : []),
    ...differences.map(({ kind, object, identity }) => `${styles.red('✗')} ${kind} on the target: ${object} ${printable(identity)}`),
    '',
  ]
}

/** What shows which rows are chosen. */
const chosen: ReadonlySet<string> = new Set(['validate', 'plan', 'init', 'replicate'])

function tableLines(database: DatabaseResult, [columns, cells]: TableColumns, shown: Shown, styles: Styles): string[] {
  const tables = database.tables.filter(isCounted).toSorted(byImportance)
  const rows = tables.slice(0, shown.most).map((table) => cells(table))
  const rest = tables.length - rows.length
  return [
    ...(rows.length === 0 ? [styles.dim('no tables')] : textTable(columns, rows, styles)),
    ...(rest > 0 ? [styles.dim(`and ${plural(rest, 'more table', 'more tables')}, all of them in the report`)] : []),
  ]
}

function leftOutLines({ leftOut = [] }: DatabaseResult, styles: Styles, { most }: Shown): string[] {
  const rest = leftOut.length - most
  return [
    ...leftOut
      .slice(0, most)
      .map(({ object, needs }) => `${styles.yellow('–')} left out: ${printable(object)}, which needs ${printable(needs)}`),
    ...(rest > 0 ? [styles.dim(`and ${plural(rest, 'more object', 'more objects')}, all of them in the report`)] : []),
  ]
}

type TableColumns = readonly [columns: readonly Column[], cells: (table: TableResult) => readonly string[]]

function columnsOf(command: string): TableColumns | undefined {
  const name: Column = { title: 'table', most: 50 }
  const right = (title: string): Column => ({ title, align: 'right' })
  if (command === 'plan') {
    return [
      [name, right('rows, about'), right('heap'), right('toast'), right('indexes'), { title: 'what' }],
      (table) => [
        displayName(table),
        formatEstimate(table.estimatedRows),
        formatBytes(table.heapBytes),
        formatBytes(table.toastBytes),
        formatBytes(table.indexBytes),
        methodOf(table),
      ],
    ]
  }
  if (command === 'verify') {
    return [
      [name, right('source rows'), right('target rows'), { title: 'checksum' }, { title: 'result' }],
      ({ verify, ...table }) => [
        displayName(table),
        count(verify?.sourceRows),
        count(verify?.targetRows),
        (verify?.sourceChecksum ?? '').slice(0, 12),
        verifyWords(verify, table),
      ],
    ]
  }
  if (command === 'init' || command === 'replicate') {
    const compared = command === 'replicate' ? [{ title: 'compared' }] : []
    return [
      [name, right('rows'), right('bytes'), right('time'), right('rate'), { title: 'what' }, ...compared],
      (table) => [
        displayName(table),
        count(table.copiedRows),
        table.copiedBytes === undefined ? '' : formatBytes(table.copiedBytes),
        ...timing(table),
        outcomeOf(table),
        table.verify?.result ?? '',
      ],
    ]
  }
  return undefined
}

function timing({ seconds, copiedBytes }: TableResult): [string, string] {
  if (seconds === undefined) return ['', '']
  return [formatDuration(seconds), copiedBytes === undefined || seconds < 0.05 ? '' : formatRate(Number(copiedBytes) / seconds)]
}

function count(value: bigint | null | undefined): string {
  return value == null ? '' : formatCount(value)
}

function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 || lines.at(-1) === '' ? [...lines] : [...lines, '']
}
