import * as core from '@actions/core'
import type { CommandResult } from '../plan/results.ts'
import type { Redact } from './redact.ts'
import { replicationTotals } from './replication-words.ts'
import type { Reporter } from './reporter.ts'
import { totalsOf } from './totals.ts'

/** All outputs of the action, in the order of action.yml, with what they mean. */
export const outputs = {
  outcome: '`done`, `failed`, `rejected`, `different`, `not-met`, `to-be-continued` or `interrupted`.',
  complete: '`true` when another run of the same command would have nothing left to do.',
  'report-path': 'Path of the JSON report.',
  'plan-digest': 'Digest over scope, options and both systems: the same digest means the same plan.',
  matrix: 'For `strategy.matrix`: the databases that have tables to copy.',
  'has-work': 'Whether the matrix holds anything.',
  'total-bytes': 'What is to be copied, on disk.',
  'estimated-seconds': 'How long it will take, measured on both servers.',
  'remaining-tables': 'Tables that are still to be copied.',
  'rows-copied': 'Rows that were copied.',
  'bytes-copied': 'Bytes that travelled.',
  'lag-bytes': 'How far the target is behind, in bytes. From `status` and `replicate`; empty where it is not known.',
  'lag-seconds': 'How far the target is behind at most, in seconds. From `status` and `replicate`; empty where it is not known.',
  'slot-retained-bytes': 'WAL that the source keeps for the target, in bytes. Empty where it is not known.',
  'tables-verified': 'Tables that were compared.',
  'tables-different': 'Tables that differ.',
  'checkpoint-artifact-id': 'Artifact that holds the checkpoint. Empty: to come.',
} as const

export const outputNames = Object.keys(outputs) as (keyof typeof outputs)[]

export type Outputs = { readonly [name in keyof typeof outputs]: string }

interface OutputsOptions {
  readonly reportPath: string
  readonly redact: Redact
}

/** Sets every output, on failure too. */
export function actionsOutputsReporter({ reportPath, redact }: OutputsOptions): Reporter {
  return {
    finished(result) {
      const { values, masked } = withoutSecrets(outputsOf(result, reportPath), redact)
      for (const name of outputNames) core.setOutput(name, values[name])
      for (const name of masked)
        core.warning(`The output ${name} is left empty: it would contain a masked value, and the runner drops such outputs whole.`)
    },
  }
}

export function outputsOf(result: CommandResult, reportPath: string): Outputs {
  const totals = totalsOf(result)
  const copying = copyingCommands.has(result.command)
  const counting = copying || result.command === 'validate'
  const unfinished = result.databases.filter((database) => counting && totalsOf({ databases: [database] }).remainingTables > 0)
  const work = result.command === 'plan' ? unfinished.filter(({ action }) => action !== 'complete') : unfinished
  const comparing = result.command === 'verify' || result.command === 'replicate'
  const replication = replicationTotals(result)
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
    'lag-bytes': String(replication?.lagBytes ?? ''),
    'lag-seconds': replication?.lagSeconds?.toFixed(3) ?? '',
    'slot-retained-bytes': String(replication?.retainedBytes ?? ''),
    'tables-verified': comparing ? String(totals.verified) : '',
    'tables-different': comparing ? String(totals.different) : '',
    'checkpoint-artifact-id': '',
  }
}

/** Those that copy, or say what there is to be copied. */
const copyingCommands: ReadonlySet<string> = new Set(['plan', 'init', 'replicate'])

/** Outcomes after which nothing is left to be done by another run of the same command. */
const over: ReadonlySet<CommandResult['outcome']> = new Set(['done', 'different', 'not-met'])

/** `fromJSON('')` fails, so that a matrix that may not leave becomes an empty one. */
export function withoutSecrets(values: Outputs, redact: Redact): { readonly values: Outputs; readonly masked: readonly string[] } {
  const masked = outputNames.filter((name) => redact(values[name]) !== values[name])
  const blank = masked.map((name) => [name, name === 'matrix' ? JSON.stringify({ include: [] }) : ''])
  const noMatrix = masked.includes('matrix') ? { 'has-work': 'false' } : {}
  return { values: { ...values, ...Object.fromEntries(blank), ...noMatrix }, masked }
}
