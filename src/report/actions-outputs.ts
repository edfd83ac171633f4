import * as core from '@actions/core'
import type { CommandResult } from '../plan/results.ts'
import type { Redact } from './redact.ts'
import type { Reporter } from './reporter.ts'
import { totalsOf } from './totals.ts'

/** All outputs of the action, in the order of action.yml. */
export const outputNames = [
  'outcome',
  'complete',
  'report-path',
  'plan-digest',
  'matrix',
  'has-work',
  'total-bytes',
  'estimated-seconds',
  'remaining-tables',
  'rows-copied',
  'bytes-copied',
  'lag-bytes',
  'lag-seconds',
  'slot-retained-bytes',
  'tables-verified',
  'tables-different',
  'checkpoint-artifact-id',
] as const

export type Outputs = { readonly [name in (typeof outputNames)[number]]: string }

interface OutputsOptions {
  readonly reportPath: string
  readonly redact: Redact
}

/** Sets every output, on failure too. */
export function actionsOutputsReporter({ reportPath, redact }: OutputsOptions): Reporter {
  return {
    finished(result) {
      const { outputs, masked } = withoutSecrets(outputsOf(result, reportPath), redact)
      for (const name of outputNames) core.setOutput(name, outputs[name])
      for (const name of masked)
        core.warning(`The output ${name} is left empty: it would contain a masked value, and the runner drops such outputs whole.`)
    },
  }
}

export function outputsOf(result: CommandResult, reportPath: string): Outputs {
  const totals = totalsOf(result)
  const unfinished = result.databases.filter((database) => totalsOf({ databases: [database] }).remainingTables > 0)
  const work = result.command === 'plan' ? unfinished.filter(({ action }) => action !== 'complete') : unfinished
  const copying = result.command !== 'validate' && result.command !== 'verify'
  return {
    outcome: result.outcome,
    complete: String(over.has(result.outcome) && (result.command === 'plan' || !copying || totals.remainingTables === 0)),
    'report-path': reportPath,
    'plan-digest': result.planDigest ?? '',
    matrix: JSON.stringify({ include: work.map(({ name }) => ({ database: name })) }),
    'has-work': String(work.length > 0),
    'total-bytes': copying ? String(totals.plannedBytes) : '',
    'estimated-seconds': result.estimatedSeconds == null ? '' : String(Math.ceil(result.estimatedSeconds)),
    'remaining-tables': copying ? String(totals.remainingTables) : '',
    'rows-copied': copying ? String(totals.copiedRows) : '',
    'bytes-copied': copying ? String(totals.copiedBytes) : '',
    'lag-bytes': '',
    'lag-seconds': '',
    'slot-retained-bytes': '',
    'tables-verified': result.command === 'verify' ? String(totals.verified) : '',
    'tables-different': result.command === 'verify' ? String(totals.different) : '',
    'checkpoint-artifact-id': '',
  }
}

/** Outcomes after which nothing is left to be done by another run of the same command. */
const over: ReadonlySet<CommandResult['outcome']> = new Set(['done', 'different', 'not-met'])

/** `fromJSON('')` fails, so that a matrix that may not leave becomes an empty one. */
export function withoutSecrets(outputs: Outputs, redact: Redact): { readonly outputs: Outputs; readonly masked: readonly string[] } {
  const masked = outputNames.filter((name) => redact(outputs[name]) !== outputs[name])
  const blank = masked.map((name) => [name, name === 'matrix' ? JSON.stringify({ include: [] }) : ''])
  const noMatrix = masked.includes('matrix') ? { 'has-work': 'false' } : {}
  return { outputs: { ...outputs, ...Object.fromEntries(blank), ...noMatrix }, masked }
}
