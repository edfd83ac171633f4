import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import { failureLines } from './failure.ts'
import { formatBytes, formatCount, formatDuration, formatEstimate, formatRate, plural } from './format.ts'
import { headline } from './headline.ts'
import { displayName, displayPart, printable } from './names.ts'
import type { Output, Reporter, Styles } from './reporter.ts'
import { byImportance, methodOf, outcomeOf } from './table-words.ts'
import { type Column, textTable } from './text-table.ts'
import { isCounted } from './totals.ts'

interface Shown {
  /** Tables of a database in a list; the report has them all. */
  readonly most: number
}

/** The result itself, after all is said and done: findings, tables, and one line that sums up. */
export function resultReporter(output: Output, shown: Shown = { most: 100 }): Reporter {
  return {
    finished(result) {
      output.write(
        resultLines(result, output.styles, shown)
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
  return [...spaced(tables), ...spaced(findings), ...estimate, end]
}

function databaseLines(result: CommandResult, database: DatabaseResult, styles: Styles, shown: Shown): string[] {
  const [columns, cells] = columnsOf(result.command)
  if (columns.length === 0) return []
  const tables = database.tables.filter(isCounted).toSorted(byImportance)
  const rows = tables.slice(0, shown.most).map((table) => cells(table))
  const title = `${styles.bold(displayPart(database.name))}${database.action === undefined ? '' : styles.dim(` ${database.action}`)}`
  const rest = tables.length - rows.length
  const differences = (database.schemaDifferences ?? []).slice(0, shown.most)
  return [
    title,
    ...(rows.length === 0 ? [styles.dim('no tables')] : textTable(columns, rows, styles)),
    ...(rest > 0 ? [styles.dim(`and ${plural(rest, 'more table', 'more tables')}, all of them in the report`)] : []),
    ...differences.map(({ kind, object, identity }) => `${styles.red('✗')} ${kind} on the target: ${object} ${printable(identity)}`),
    '',
  ]
}

type Cells = (table: TableResult) => readonly string[]

function columnsOf(command: string): [readonly Column[], Cells] {
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
        resultOf(verify),
      ],
    ]
  }
  if (command === 'init' || command === 'replicate') {
    return [
      [name, right('rows'), right('bytes'), right('time'), right('rate'), { title: 'what' }],
      (table) => [
        displayName(table),
        count(table.copiedRows),
        table.copiedBytes === undefined ? '' : formatBytes(table.copiedBytes),
        ...timing(table),
        outcomeOf(table),
      ],
    ]
  }
  return [[], () => []]
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

function resultOf(verify: TableResult['verify']): string {
  if (verify === undefined) return ''
  return verify.reason === undefined ? verify.result : `${verify.result}: ${verify.reason}`
}
