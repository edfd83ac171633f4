import type { LeftOutObject, SchemaDifference, TableResult } from '../../plan/results.ts'
import { formatBytes, formatCount, formatDuration, formatEstimate, formatRate } from '../format.ts'
import { displayName, shortened } from '../names.ts'
import { methodOf, outcomeOf, verifyWords } from '../table-words.ts'
import { dataBytes, isCopied } from '../totals.ts'
import { bar, center, code, escapeHtml, preformatted, type Row, right } from './markup.ts'

export interface TableView {
  readonly head: Row
  readonly row: (table: TableResult) => Row
}

/** Sizes, and what each table will get. `largest` scales the bars. */
export function planView(largest: bigint): TableView {
  return {
    head: ['table', right('rows, about'), right('heap'), right('TOAST'), right('indexes'), '', 'what'],
    row: (table) => [
      name(table),
      right(formatEstimate(table.estimatedRows)),
      right(formatBytes(table.heapBytes)),
      right(formatBytes(table.toastBytes)),
      right(formatBytes(table.indexBytes)),
      share(isCopied(table) ? dataBytes(table) : 0n, largest),
      methodOf(table),
    ],
  }
}

/** What was copied, and how fast. */
export function copyView(largest: bigint): TableView {
  return {
    head: ['', 'table', right('rows'), right('bytes'), '', right('time'), right('rate'), 'what'],
    row: (table) => [
      center(copyIcon(table)),
      name(table),
      right(table.copiedRows === undefined ? '' : formatCount(table.copiedRows)),
      right(table.copiedBytes === undefined ? '' : formatBytes(table.copiedBytes)),
      share(table.copiedBytes ?? 0n, largest),
      right(table.seconds === undefined ? '' : formatDuration(table.seconds)),
      right(rateOf(table)),
      outcomeOf(table),
    ],
  }
}

/** Rows and checksums of both sides. */
export const verifyView: TableView = {
  head: ['', 'table', right('source rows'), right('target rows'), 'checksum', 'result'],
  row: ({ verify, ...table }) => [
    center(verify === undefined ? '' : { equal: '✅', different: '❌', skipped: '➖' }[verify.result]),
    name(table),
    right(verify?.sourceRows == null ? '' : formatCount(verify.sourceRows)),
    right(verify?.targetRows == null ? '' : formatCount(verify.targetRows)),
    checksums(verify?.sourceChecksum ?? null, verify?.targetChecksum ?? null),
    escapeHtml(verifyWords(verify, table)),
  ],
}

export const filterHead = ['table', 'rows that come along', 'with the clock fixed']

export function filterRow({ filter = { given: '', used: '' }, ...table }: TableResult): Row {
  const { given, used } = filter
  return [name(table), condition(given), given === used ? '' : condition(used)]
}

function condition(text: string): string {
  return `<code>${escapeHtml(shortened(text))}</code>`
}

export const differenceHead = ['', 'object', 'source <code>-</code>, target <code>+</code>']

export function differenceRow({ kind, object, identity, source, target }: SchemaDifference): Row {
  const icon = { missing: '➖', extra: '➕', different: '❌' }[kind]
  const definitions = [...marked('-', source), ...marked('+', target)].join('\n')
  return [
    center(icon),
    `${kind} ${escapeHtml(object)}<br>${code(identity)}`,
    definitions === '' ? '' : preformatted(shortened(definitions), 'diff'),
  ]
}

export const leftOutHead = ['object', 'needs']

export function leftOutRow({ object, needs }: LeftOutObject): Row {
  return [code(object), code(needs)]
}

function marked(sign: string, definition: string | undefined): string[] {
  return definition?.split('\n').map((line) => `${sign} ${line}`) ?? []
}

function name(table: Pick<TableResult, 'schema' | 'name'>): string {
  return code(displayName(table))
}

function share(bytes: bigint, largest: bigint): string {
  return largest === 0n ? '' : bar(Number(bytes) / Number(largest))
}

function copyIcon(table: TableResult): string {
  if (table.failure !== undefined) return '❌'
  if (table.resumed === true) return '☑️'
  if (table.copiedRows !== undefined) return '✅'
  return table.rule === 'copy' || table.rule === 'filtered' ? '⏳' : '➖'
}

function rateOf({ copiedBytes, seconds }: TableResult): string {
  return copiedBytes === undefined || seconds === undefined || seconds < 0.05 ? '' : formatRate(Number(copiedBytes) / seconds)
}

function checksums(source: string | null, target: string | null): string {
  if (source === null && target === null) return ''
  // Equal ones need only be told apart from others.
  if (source === target) return code((source ?? '').slice(0, 16))
  return [source, target].map((one) => (one === null ? '–' : code(one))).join('<br>')
}
