import { observe } from '../engine/observe/observe.ts'
import { type RowVerification, verifyRows } from '../engine/verify/verify-rows.ts'
import { verifySchema } from '../engine/verify/verify-schema.ts'
import { type Outcome, type Problem, problem, Rejection, ReplicatorError, type Warning } from '../errors.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { DatabasePlan, Plan, TablePlan } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult, TableResult, TableVerification } from '../plan/results.ts'
import { counted, listed } from '../plan/rules/listing.ts'
import type { SchemaComparison } from '../plan/schema-difference.ts'
import { identifier, qualified } from '../sql/identifier.ts'
import type { CommandContext } from './context.ts'

/** Compares rows and schema of everything in scope. Changes nothing on either side. */
export async function verify(context: CommandContext): Promise<CommandResult> {
  const { config, emit, signal } = context
  const startedAt = new Date()
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const plan = await phase(emit, 'plan', undefined, async () => makePlan(config, observed))
  if (plan.problems.length > 0) throw new Rejection(plan.problems, plan.warnings)

  const verified: Verified[] = []
  for (const database of plan.databases) {
    verified.push(await phase(emit, 'verify', database.name, () => verifyDatabase(context, plan, database)))
  }
  for (const warning of verified.flatMap(({ warnings }) => warnings)) emit({ type: 'warning', warning })
  const databases = verified.map(({ result }) => result)
  const problems = verified.flatMap((one) => one.problems)
  return {
    command: 'verify',
    outcome: outcomeOf(problems),
    startedAt,
    finishedAt: new Date(),
    source: plan.source,
    target: plan.target,
    problems,
    warnings: [...plan.warnings, ...verified.flatMap(({ warnings }) => warnings)],
    databases,
    planDigest: plan.digest,
    jobs: plan.jobs,
  }
}

interface Verified {
  readonly result: DatabaseResult
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

async function verifyDatabase({ config, emit, signal }: CommandContext, plan: Plan, database: DatabasePlan): Promise<Verified> {
  const { name, tables, largeObjects } = database
  // The plan would create it: it isn't there.
  if (database.action === 'create') return missingDatabase(database)
  const shared = { database: name, tables, source: config.source, target: config.target, signal }
  try {
    const schema = await verifySchema(shared)
    const rows = await verifyRows({ ...shared, largeObjects, jobs: plan.jobs, emit })
    const result = databaseResult(database, rows, schema)
    return { result, problems: [...failuresOf(name, rows), ...differencesOf(result)], warnings: schema.warnings }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ReplicatorError)) throw error
    // The other databases can still be compared.
    return { result: { name, tables: [] }, problems: [{ ...error.finding, database: name }], warnings: [] }
  }
}

function missingDatabase({ name, tables }: DatabasePlan): Verified {
  const unread = { sourceRows: null, targetRows: null, sourceChecksum: null, targetChecksum: null }
  const verify: TableVerification = { result: 'different', ...unread, reason: 'the database is missing on the target' }
  const schemaDifferences = [{ kind: 'missing', object: 'database', identity: identifier(name) }] as const
  const result = { name, tables: tables.map((table) => tableResult(table, verify)), schemaDifferences }
  return { result, problems: differencesOf(result), warnings: [] }
}

function databaseResult({ name, tables }: DatabasePlan, rows: RowVerification, { differences }: SchemaComparison): DatabaseResult {
  const results = tables.flatMap((table) => {
    const verified = rows.tables.get(table)
    return verified === undefined ? [] : [tableResult(table, verified)]
  })
  const shared = { name, tables: results, schemaDifferences: differences }
  if (rows.largeObjects === null) return shared
  const { count, bytes, result } = rows.largeObjects
  if (result instanceof ReplicatorError) return { ...shared, largeObjects: { count, bytes } }
  return { ...shared, largeObjects: { count, bytes, verify: result.result === 'equal' ? 'equal' : 'different' } }
}

function tableResult(table: TablePlan, verified: TableVerification | ReplicatorError): TableResult {
  const { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes } = table
  const sizes = { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes }
  return verified instanceof ReplicatorError ? { ...sizes, failure: verified.finding } : { ...sizes, verify: verified }
}

function failuresOf(database: string, { tables, largeObjects }: RowVerification): Problem[] {
  const failed = [...tables].flatMap(([table, one]) =>
    one instanceof ReplicatorError ? [{ ...one.finding, relation: qualified(table) }] : [],
  )
  const large =
    largeObjects?.result instanceof ReplicatorError
      ? [{ ...largeObjects.result.finding, message: `large objects: ${largeObjects.result.message}` }]
      : []
  return [...failed, ...large].map((finding) => ({ ...finding, database }))
}

function differencesOf({ name: database, tables, schemaDifferences = [], largeObjects }: DatabaseResult): Problem[] {
  const different = tables.filter(({ verify }) => verify?.result === 'different').map(qualified)
  if (largeObjects?.verify === 'different') different.push('large objects')
  const objects = schemaDifferences.map(({ kind, object, identity }) => `${object} ${identity} (${kind})`)
  return [
    ...(different.length === 0
      ? []
      : [
          problem('tables-different', `${counted(different.length, 'table')} not equal in database ${database}: ${listed(different)}.`, {
            database,
          }),
        ]),
    ...(objects.length === 0
      ? []
      : [
          problem('schema-different', `${counted(objects.length, 'object')} not equal in database ${database}: ${listed(objects)}.`, {
            database,
          }),
        ]),
  ]
}

function outcomeOf(problems: readonly Problem[]): Outcome {
  if (problems.some(({ code }) => code === 'tables-different' || code === 'schema-different')) return 'different'
  return problems.length > 0 ? 'failed' : 'done'
}
