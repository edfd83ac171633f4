import { lagSeconds } from '../../plan/lag-measure.ts'
import type { CommandResult } from '../../plan/results.ts'
import type { TrafficCounts } from './shop-traffic.ts'

/** Each step's result, and what the shop had done by its end. */
export type Walk = readonly { readonly result: CommandResult; readonly traffic: TrafficCounts }[]

/** What was done, in a few lines, all of it taken from the results. */
export function achievements(walk: Walk): string[] {
  const step = (command: string) => walk.find(({ result }) => result.command === command)
  const [plan, init, status, verify] = [step('plan'), step('init'), step('status'), step('verify')]
  if (plan === undefined || init === undefined || status === undefined || verify === undefined) return []
  return [
    ...copied(init.result, init.traffic.rows - plan.traffic.rows),
    ...followed(status.result, verify.traffic),
    ...compared(verify.result),
  ]
}

function copied(init: CommandResult, written: number): string[] {
  const tables = init.databases.flatMap(({ tables: all }) => all).filter(({ copiedRows }) => copiedRows !== undefined)
  const rows = tables.reduce((sum, { copiedRows = 0n }) => sum + copiedRows, 0n)
  const seconds = (init.finishedAt.getTime() - init.startedAt.getTime()) / 1000
  return [
    `\nA database moved from PostgreSQL ${init.source?.version} to ${init.target?.version} in ${seconds.toFixed(1)} s: ${count(rows)} rows of ${count(tables.length)} tables, with indexes, foreign keys,`,
    'triggers, policies, materialized views, large objects, owners, grants, default privileges, roles and their settings.',
    `Meanwhile the shop wrote ${count(written)} rows, which followed: nothing lost, nothing twice.`,
  ]
}

function followed(status: CommandResult, { transactions, failures, longestMillis }: TrafficCounts): string[] {
  const lag = status.databases
    .map(({ replication }) => (replication === undefined ? null : lagSeconds(replication.lag)))
    .find(Number.isFinite)
  const behind = lag == null ? '' : `, and at the gate the target was ${count(Math.max(1, Math.round(lag * 1000)))} ms behind`
  return [
    `From before the copy until after the comparison it made ${count(transactions)} transactions: ${failures === 0 ? 'none' : count(failures)} failed, the longest took ${count(Math.ceil(longestMillis))} ms${behind}.`,
  ]
}

function compared(verify: CommandResult): string[] {
  const equal = verify.databases.flatMap(({ tables }) => tables).filter(({ verify: one }) => one?.result === 'equal')
  const posters = verify.databases.reduce((sum, { largeObjects }) => sum + (largeObjects?.verify === 'equal' ? largeObjects.count : 0n), 0n)
  return [
    `${count(equal.length)} tables and ${count(posters)} large objects were compared while it went on, every row of both sides, and every definition of the shop: nothing differs.`,
    "On the source an ordinary role did it all, that owns the shop's tables and may replicate: nobody had to be superuser there.",
  ]
}

function count(number: bigint | number): string {
  return number.toLocaleString('en-US')
}
