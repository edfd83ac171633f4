import { isReady } from '../../plan/replication-state.ts'
import type { CleanupStep, DatabaseResult, ReplicationResult } from '../../plan/results.ts'
import { formatCount, plural } from '../format.ts'
import { displayName, displayPart } from '../names.ts'
import {
  byState,
  bytesWords,
  errorWords,
  laneBytes,
  publishedWords,
  readingWords,
  readyTables,
  slotWords,
  subscriptionWords,
} from '../replication-words.ts'
import { center, code, details, escapeHtml, type Row, right } from './markup.ts'
import { type Room, table } from './room.ts'

/** A database's lag in a sentence and its subscriptions, open to the eye; its tables folded, unless some aren't ready. */
export function addReplication(room: Room, { name, replication }: DatabaseResult): void {
  if (replication === undefined) return
  const { state } = replication
  room.add(`<h3>Replication of ${code(displayPart(name))}</h3>\n\n<p>${escapeHtml(readingWords(replication))}</p>\n\n`)
  if (state.lanes.length > 0) room.addTable(laneHead, state.lanes, (lane) => laneRow(lane, state), 'subscriptions')
  const rows = tableRows(replication)
  if (rows.length === 0) return
  const ready = readyTables(state)
  const title = `<b>${formatCount(ready)} of ${plural(state.tables.length, 'table')} ready</b>`
  room.add(
    details(
      title,
      table(tableHead, rows, (row) => row, 'tables'),
      ready < state.tables.length && rows.length <= 40,
    ),
  )
}

const laneHead: Row = ['', 'subscription', 'state', 'slot', right('lag'), right('WAL kept'), 'errors']

function laneRow(lane: ReplicationResult['state']['lanes'][number], state: ReplicationResult['state']): Row {
  const { lag, retained } = laneBytes(lane, state)
  const working = lane.subscription?.workerPid != null && lane.slot !== null && lane.slot.walStatus !== 'lost'
  return [
    center(working ? '✅' : state.sourceLsn === null ? '❔' : '❌'),
    code(lane.subscription?.name ?? `lane ${lane.lane}`),
    escapeHtml(subscriptionWords(lane)),
    `${escapeHtml(slotWords(lane, state))}<br><sub>${code(lane.slotName)}</sub>`,
    right(bytesWords(lag)),
    right(bytesWords(retained)),
    escapeHtml(errorWords(lane)),
  ]
}

const tableHead: Row = ['', 'table', right('lane'), 'state', 'what arrives']

function tableRows({ state, gaps }: ReplicationResult): Row[] {
  return [
    ...(gaps?.missing ?? []).map((one): Row => [center('➖'), code(displayName(one)), '', 'not replicated', 'nothing']),
    ...state.tables
      .toSorted(byState)
      .map(
        (one): Row => [
          center(isReady(one, state) ? '✅' : one.state === 'ready' ? '❌' : '⏳'),
          code(displayName(one)),
          right(String(one.lane)),
          one.state ?? 'not subscribed',
          publishedWords(one, state),
        ],
      ),
  ]
}

export const stepHead: Row = ['', 'server', 'database', 'what']

export function stepRow({ side, database, what, sql, done }: CleanupStep): Row {
  return [center(done ? '✅' : '⏳'), side, code(displayPart(database)), `${escapeHtml(what)}${done ? '' : `<br><sub>${code(sql)}</sub>`}`]
}
