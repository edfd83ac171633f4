import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import type { Finding } from '../errors.ts'
import type { ServerSummary } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import { toolName, version } from '../version.ts'
import { replicationOf } from './replication-json.ts'
import type { databaseSchema, findingSchema, Report, tableSchema, verificationSchema } from './report-schema.ts'
import type { Reporter } from './reporter.ts'
import { dataBytes } from './totals.ts'

/** Writes the report once the run is over; a reader never sees half of it. */
export function jsonReporter(path: string): Reporter {
  return {
    async finished(result) {
      await writeAtomically(resolve(path), `${JSON.stringify(toReport(result), null, 2)}\n`)
    },
  }
}

export function toReport(result: CommandResult): Report {
  return defined({
    schemaVersion: 1 as const,
    tool: { name: toolName, version } as const,
    command: result.command,
    outcome: result.outcome,
    startedAt: result.startedAt.toISOString(),
    finishedAt: result.finishedAt.toISOString(),
    source: serverOf(result.source),
    target: serverOf(result.target),
    problems: result.problems.map(findingOf),
    warnings: result.warnings.map(findingOf),
    planDigest: result.planDigest,
    estimatedSeconds: result.estimatedSeconds,
    jobs: result.jobs,
    databases: result.databases.map(databaseOf),
    steps: result.steps?.map((one) => ({ ...one })),
  })
}

async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function serverOf(summary: ServerSummary | null): Report['source'] {
  if (summary === null) return null
  const { host, port, version: serverVersion, systemIdentifier } = summary
  return { host, port, version: serverVersion, systemIdentifier }
}

function findingOf({ code, message, hint, sql, database: where, relation, position }: Finding): z.infer<typeof findingSchema> {
  return defined({ code, message, hint, sql, database: where, relation, position: position && { ...position } })
}

function databaseOf({
  name,
  action,
  tables,
  leftOut,
  schemaDifferences,
  largeObjects,
  replication,
}: DatabaseResult): z.infer<typeof databaseSchema> {
  return defined({
    name,
    action,
    tables: tables.map(tableOf),
    leftOut: leftOut?.map((one) => ({ ...one })),
    schemaDifferences: schemaDifferences?.map((one) => defined({ ...one })),
    largeObjects: largeObjects && defined({ ...largeObjects, count: Number(largeObjects.count), bytes: Number(largeObjects.bytes) }),
    replication: replication && replicationOf(replication),
  })
}

function tableOf(result: TableResult): z.infer<typeof tableSchema> {
  const {
    schema,
    name,
    rule,
    filter,
    heapBytes,
    toastBytes,
    indexBytes,
    format,
    parts,
    copiedRows,
    copiedBytes,
    seconds,
    resumed,
    failure,
    verify,
    published,
    tableSync,
  } = result
  return defined({
    schema,
    table: name,
    rule,
    filter: filter && { ...filter },
    estimatedRows: Number(result.estimatedRows),
    bytes: Number(dataBytes(result)),
    heapBytes: Number(heapBytes),
    toastBytes: Number(toastBytes),
    indexBytes: Number(indexBytes),
    format,
    parts,
    copiedRows: numberOf(copiedRows),
    copiedBytes: numberOf(copiedBytes),
    seconds,
    resumed,
    failure: failure && findingOf(failure),
    verify: verify && verificationOf(verify),
    published,
    tableSync,
  })
}

function verificationOf({ reason, ...verify }: NonNullable<TableResult['verify']>): z.infer<typeof verificationSchema> {
  return {
    ...verify,
    sourceRows: numberOf(verify.sourceRows) ?? null,
    targetRows: numberOf(verify.targetRows) ?? null,
    differences: reason === undefined ? [] : [reason],
  }
}

/** Counts and sizes stay far below 2^53, where numbers would lose digits. */
function numberOf(value: bigint | null | undefined): number | undefined {
  return value == null ? undefined : Number(value)
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>
}

/** Without the keys that have no value. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>
}
