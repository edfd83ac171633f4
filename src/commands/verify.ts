import type { Config } from '../config/config.ts'
import { observe } from '../engine/observe/observe.ts'
import type { Followed } from '../engine/verify/look-again.ts'
import { type RowVerification, verifyRows } from '../engine/verify/verify-rows.ts'
import { verifySchema } from '../engine/verify/verify-schema.ts'
import { type Outcome, type Problem, problem, Rejection, ReplicatorError, type Warning, warning } from '../errors.ts'
import { phase } from '../events.ts'
import { unsettledFindings } from '../plan/following.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Observed } from '../plan/observed.ts'
import type { DatabasePlan, Plan, TablePlan } from '../plan/plan.ts'
import type { CommandResult, DatabaseResult, TableResult, TableVerification } from '../plan/results.ts'
import { counted, listed } from '../plan/rules/listing.ts'
import type { SchemaComparison } from '../plan/schema-difference.ts'
import { identifier, qualified } from '../sql/identifier.ts'
import type { CommandContext } from './context.ts'
import { filterOf } from './filter-of.ts'
import { foldParts } from './fold-parts.ts'

/** Compares rows and schema of everything in scope. Changes nothing on either side. */
export async function verify(context: CommandContext): Promise<CommandResult> {
  const { config, emit, signal } = context
  const startedAt = new Date()
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const plan = await phase(emit, 'plan', undefined, async () => makePlan(config, observed))
  if (plan.problems.length > 0) throw new Rejection(plan.problems, plan.warnings)

  const verified: Verified[] = []
  for (const database of plan.databases) {
    const followed = isFollowed(observed, database.name) ? followedBy(config, plan) : null
    verified.push(await phase(emit, 'verify', database.name, () => verifyDatabase(context, plan, database, followed)))
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

/** The ledger of this source has lanes that something follows on. */
function isFollowed({ databases, source: { systemIdentifier } }: Observed, name: string): boolean {
  const ledger = databases.find((pair) => pair.source.name === name)?.target?.content?.ledger ?? null
  return ledger !== null && ledger.sourceSystemIdentifier === systemIdentifier && ledger.lanes.some(({ slot }) => slot !== null)
}

/** Seconds for which a target that is behind is waited for, unless told. */
const patience = 60

function followedBy({ maxHold, wait = patience }: Config, { source, target }: Plan): Followed {
  return { identifiers: { source: source.systemIdentifier, target: target.systemIdentifier }, maxHold: maxHold * 1000, wait }
}

interface Verified {
  readonly result: DatabaseResult
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

async function verifyDatabase(
  { config, emit, signal }: CommandContext,
  plan: Plan,
  database: DatabasePlan,
  followed: Followed | null,
): Promise<Verified> {
  const { name, tables, largeObjects } = database
  // The plan would create it: it isn't there.
  if (database.action === 'create') return missingDatabase(database)
  const shared = { database: name, tables, source: config.source, target: config.target, signal }
  try {
    const schema = await verifySchema({ ...shared, leftOut: database.leftOut, replicated: followed !== null })
    const rows = await verifyRows({ ...shared, largeObjects, jobs: plan.jobs, followed, emit })
    const compared = databaseResult(database, rows, schema)
    const { result, warnings } = followed === null ? { result: compared, warnings: [] } : withoutLargeObjects(compared)
    const unsettled = unsettledFindings(name, rows.unsettled)
    return {
      result,
      problems: [...failuresOf(name, rows), ...differencesOf(result), ...unsettled.filter(isProblem)],
      warnings: [...schema.warnings, ...warnings, ...unsettled.filter((one) => one.severity === 'warning')],
    }
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
  const result = {
    name,
    tables: foldParts(
      tables.map((table) => tableResult(table, verify)),
      tables,
    ),
    schemaDifferences,
  }
  return { result, problems: differencesOf(result), warnings: [] }
}

function databaseResult({ name, tables }: DatabasePlan, rows: RowVerification, { differences }: SchemaComparison): DatabaseResult {
  const results = tables.flatMap((table) => {
    const verified = rows.tables.get(table)
    return verified === undefined ? [] : [tableResult(table, verified)]
  })
  const shared = { name, tables: foldParts(results, tables), schemaDifferences: differences }
  if (rows.largeObjects === null) return shared
  const { count, bytes, result } = rows.largeObjects
  if (result instanceof ReplicatorError) return { ...shared, largeObjects: { count, bytes } }
  return { ...shared, largeObjects: { count, bytes, verify: result.result === 'equal' ? 'equal' : 'different' } }
}

/** They aren't replicated: once they differ, that's no news of the tables. */
function withoutLargeObjects(compared: DatabaseResult): { readonly result: DatabaseResult; readonly warnings: readonly Warning[] } {
  const { largeObjects, schemaDifferences = [], ...others } = compared
  const remaining = schemaDifferences.filter(({ object }) => object !== 'large object' && object !== 'large objects')
  if (largeObjects?.verify !== 'different' && remaining.length === schemaDifferences.length) return { result: compared, warnings: [] }
  const counts = largeObjects === undefined ? {} : { largeObjects: { count: largeObjects.count, bytes: largeObjects.bytes } }
  return {
    result: { ...others, schemaDifferences: remaining, ...counts },
    warnings: [
      warning('not-replicated', `Large objects changed since they were copied: they aren't replicated.`, {
        database: compared.name,
        hint: 'Stop writing them before the cutover, and copy what changed.',
      }),
    ],
  }
}

function tableResult(table: TablePlan, verified: TableVerification | ReplicatorError): TableResult {
  const { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes } = table
  const sizes = { schema, name, rule, estimatedRows, heapBytes, toastBytes, indexBytes, ...filterOf(table) }
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

const isProblem = (finding: Problem | Warning): finding is Problem => finding.severity === 'problem'

function outcomeOf(problems: readonly Problem[]): Outcome {
  if (problems.some(({ code }) => code === 'tables-different' || code === 'schema-different')) return 'different'
  const isOpen = ({ code }: Problem) => code === 'lag-not-met' || code === 'table-busy'
  if (problems.length === 0) return 'done'
  return problems.every(isOpen) ? 'not-met' : 'failed'
}
