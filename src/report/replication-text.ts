import type { CleanupStep, ReplicationResult } from '../plan/results.ts'
import { plural } from './format.ts'
import { displayName, displayPart, printable } from './names.ts'
import {
  byState,
  bytesWords,
  errorWords,
  laneBytes,
  publishedWords,
  readingWords,
  slotWords,
  subscriptionWords,
} from './replication-words.ts'
import type { Styles } from './reporter.ts'
import { type Column, textTable } from './text-table.ts'

const laneColumns: readonly Column[] = [
  { title: 'subscription' },
  { title: 'state' },
  { title: 'slot' },
  { title: 'lag', align: 'right' },
  { title: 'WAL kept', align: 'right' },
  { title: 'errors' },
]

const tableColumns: readonly Column[] = [
  { title: 'table', most: 50 },
  { title: 'lane', align: 'right' },
  { title: 'state' },
  { title: 'what arrives' },
]

/** Where one database's replication stands: a sentence, its subscriptions, and, where they matter, its tables. */
export function replicationLines(replication: ReplicationResult, withTables: boolean, most: number, styles: Styles): string[] {
  const { state, gaps } = replication
  const lanes = state.lanes.map((lane) => {
    const { lag, retained } = laneBytes(lane, state)
    const name = lane.subscription?.name ?? `lane ${lane.lane}`
    return [name, subscriptionWords(lane), slotWords(lane, state), bytesWords(lag), bytesWords(retained), errorWords(lane)]
  })
  return [
    readingWords(replication),
    ...(lanes.length === 0 ? [] : textTable(laneColumns, lanes, styles)),
    ...(withTables ? tableLines(replication, gaps?.missing ?? [], most, styles) : []),
  ]
}

function tableLines(
  { state }: ReplicationResult,
  missing: readonly { readonly schema: string; readonly name: string }[],
  most: number,
  styles: Styles,
): string[] {
  const rows = [
    ...missing.map((table) => [displayName(table), '', 'not replicated', 'nothing']),
    ...state.tables
      .toSorted(byState)
      .map((table) => [displayName(table), String(table.lane), table.state ?? 'not subscribed', publishedWords(table, state)]),
  ]
  const rest = rows.length - most
  return [
    ...(rows.length === 0 ? [] : ['', ...textTable(tableColumns, rows.slice(0, most), styles)]),
    ...(rest > 0 ? [styles.dim(`and ${plural(rest, 'more table', 'more tables')}, all of them in the report`)] : []),
  ]
}

/** What was removed, or is to be, in order; with the SQL of what is to be. */
export function stepLines(steps: readonly CleanupStep[], dry: boolean, { green, yellow, dim }: Styles): string[] {
  return steps.flatMap(({ database, side, what, sql, done }) => [
    `${done ? green('✓') : yellow(dry ? '·' : '✗')} ${side} ${displayPart(database)}: ${printable(what)}`,
    ...(done ? [] : sql.split('\n').map((line) => `    ${dim(printable(line))}`)),
  ])
}
