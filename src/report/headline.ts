import type { CommandResult } from '../plan/results.ts'
import { formatBytes, formatCount, formatDuration, formatRoughDuration, plural } from './format.ts'
import { behindWords, replicationTotals } from './replication-words.ts'
import { type Totals, totalsOf } from './totals.ts'

/** How a run went, in one sentence: what a log ends with and a summary begins with. */
export function headline(result: CommandResult): string {
  const seconds = secondsOf(result)
  const took = `in ${formatDuration(seconds)}`
  const { command } = result
  switch (result.outcome) {
    case 'done':
      return command === 'plan' || command === 'status'
        ? `${command}: ${achievement(result)}`
        : `${command} is done: ${achievement(result)} ${took}`
    case 'rejected':
      return `${command} was rejected: ${plural(result.problems.length, 'problem')}, nothing was changed`
    case 'different':
      return `${command} found differences: ${achievement(result)} ${took}`
    case 'failed':
      return [`${command} failed with ${plural(result.problems.length, 'problem')} ${took}`, achievement(result)]
        .filter((one) => one !== '')
        .join(': ')
    case 'interrupted':
      return `${command} was interrupted after ${formatDuration(seconds)}: ${achievement(result)}`
    case 'to-be-continued':
      return `${command} stopped for its time budget after ${formatDuration(seconds)}: ${achievement(result)}`
    case 'not-met':
      return `${notMet(command)}: ${achievement(result)}`
  }
}

/** The same in a few words, where the numbers stand beside it. */
export function title(result: CommandResult): string {
  const { command, outcome, problems } = result
  const totals = totalsOf(result)
  if (outcome === 'rejected' || outcome === 'failed')
    return `${command} ${outcome === 'failed' ? 'failed' : 'was rejected'}: ${plural(problems.length, 'problem')}`
  if (outcome === 'to-be-continued')
    return command === 'sync'
      ? 'sync is to be continued'
      : `${command} is to be continued: ${plural(totals.remainingTables, 'table')} to go`
  if (outcome === 'interrupted') return `${command} was interrupted`
  if (outcome === 'different') return `${command} found differences`
  if (outcome === 'not-met') return notMet(command)
  if (command === 'plan') return `plan: ${formatBytes(totals.plannedBytes)} in ${plural(totals.tables, 'table')}`
  if (command === 'verify') return `verify: ${plural(totals.verified, 'table')} equal`
  if (command === 'validate')
    return result.warnings.length === 0 ? 'validate: nothing found' : `validate: ${plural(result.warnings.length, 'warning')}`
  if (command === 'sync' || command === 'status' || command === 'cleanup') return `${command}: ${achievement(result)}`
  return `${command}: ${plural(totals.copiedTables, 'table')} copied`
}

/** `verify` may find that it can't tell. */
function notMet(command: string): string {
  return command === 'verify' ? 'verify could not tell of every table' : `${command}: the thresholds were not met`
}

export function secondsOf({ startedAt, finishedAt }: CommandResult): number {
  return Math.max(0, (finishedAt.getTime() - startedAt.getTime()) / 1000)
}

function achievement(result: CommandResult): string {
  const totals = totalsOf(result)
  switch (result.command) {
    case 'validate':
      return result.warnings.length === 0 ? 'nothing found' : plural(result.warnings.length, 'warning')
    case 'plan': {
      const estimate = result.estimatedSeconds == null ? '' : `, about ${formatRoughDuration(result.estimatedSeconds)}`
      return `${plural(totals.tables, 'table')} in ${plural(result.databases.length, 'database')}, ${formatBytes(totals.plannedBytes)} to copy${estimate}`
    }
    case 'verify':
      return verified(result)
    case 'sync':
      return followed(result) ?? (result.outcome === 'failed' ? '' : `${plural(totals.followedTables, 'table')} followed`)
    case 'status':
      return followed(result) ?? 'nothing is replicated'
    case 'cleanup':
      return cleaned(result)
    case 'replicate':
      return [
        copied(totals),
        ...(totals.verified + totals.skipped === 0 ? [] : [verified(result)]),
        ...[followed(result) ?? []].flat(),
      ].join('; ')
    default:
      return copied(totals)
  }
}

function copied({ copiedTables, copiedRows, copiedBytes, remainingTables }: Totals): string {
  const done = `${plural(copiedTables, 'table')}, ${plural(copiedRows, 'row')}, ${formatBytes(copiedBytes)} copied`
  return remainingTables === 0 ? done : `${done}, ${formatCount(remainingTables)} to go`
}

/** The database that is furthest behind stands for all. */
function followed(result: CommandResult): string | undefined {
  const totals = replicationTotals(result)
  if (totals === undefined) return undefined
  const { ready, tables } = totals
  return `${behindWords(totals)}, ${formatCount(ready)} of ${plural(tables, 'table')} ready`
}

function cleaned({ steps = [], outcome }: CommandResult): string {
  const done = steps.filter((one) => one.done).length
  if (steps.length === 0) return 'nothing of ours is left'
  return outcome === 'done' && done === 0
    ? `${plural(steps.length, 'step')} to take`
    : `${formatCount(done)} of ${plural(steps.length, 'step')} taken`
}
function verified(result: CommandResult): string {
  const { verified, different, skipped, schemaDifferences } = totalsOf(result)
  const tables =
    different === 0 ? `${plural(verified, 'table')} equal` : `${formatCount(different)} of ${plural(verified, 'table')} different`
  return [
    tables,
    ...(schemaDifferences === 0 ? [] : [plural(schemaDifferences, 'difference of the schema', 'differences of the schema')]),
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} skipped`]),
  ].join(', ')
}
