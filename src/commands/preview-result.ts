import type { DatabasePlan, Plan, TablePlan } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import { filterOf } from './filter-of.ts'
import { foldParts } from './fold-parts.ts'
import { followed } from './followed.ts'
import { leftOutOf } from './left-out-of.ts'

/** A plan as the result of a command that changes nothing: rejected is what `init` would reject. */
export function previewResult(command: 'validate' | 'plan', plan: Plan, startedAt: Date): CommandResult {
  const { source, target, problems, warnings, digest, estimatedSeconds, jobs } = plan
  return {
    command,
    outcome: problems.length > 0 ? 'rejected' : 'done',
    startedAt,
    finishedAt: new Date(),
    source,
    target,
    problems,
    warnings,
    databases: plan.databases.map(databaseResult),
    planDigest: digest,
    jobs,
    ...(command === 'plan' ? { estimatedSeconds } : {}),
  }
}

function databaseResult(plan: DatabasePlan): DatabaseResult {
  const { name, action, tables, largeObjects, largeObjectBytes } = plan
  const found = largeObjects > 0n ? { largeObjects: { count: largeObjects, bytes: largeObjectBytes } } : {}
  return {
    name,
    action,
    tables: foldParts(
      tables.map((table) => ({ ...tableResult(table), ...filterOf(table), ...followed(table, plan) })),
      tables,
    ),
    ...leftOutOf(plan),
    ...found,
  }
}

function tableResult({
  schema,
  name,
  rule,
  estimatedRows,
  heapBytes,
  toastBytes,
  indexBytes,
  format,
  parts,
  copied,
}: TablePlan): TableResult {
  return {
    ...{ schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes, format },
    parts: parts.length,
    ...(copied ? { resumed: true } : {}),
  }
}
