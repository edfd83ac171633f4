import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import { rowAlias } from '../../sql/row-alias.ts'
import type { Session } from '../session.ts'

export interface FilteredRelation {
  readonly schema: string
  readonly name: string
  readonly kind: string
  /** Its rows are its chunks'. */
  readonly isHypertable: boolean
}

/** What the planner expects of one table. */
export interface FilterEstimate {
  readonly schema: string
  readonly name: string
  readonly rows: bigint
}

export type Judged<T> = { readonly error: string } | { readonly error: null; readonly found: T }

/** The server's objections to what the user gave are an answer; all else is thrown. */
export async function judged<T>(session: Session, ask: () => Promise<T>): Promise<Judged<T>> {
  try {
    return { error: null, found: await ask() }
  } catch (error) {
    if (!(error instanceof ReplicatorError) || error.server === undefined || !session.alive) throw error
    return { error: error.message }
  }
}

/** Has the source judge a predicate, without running it. */
export async function estimateFilter(session: Session, relation: FilteredRelation, predicate: string): Promise<readonly FilterEstimate[]> {
  const plans = await session.one(
    z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) }),
    `explain (verbose, format json) select from ${rowsOf(relation)} where (${predicate}\n)`,
  )
  const root = plans['QUERY PLAN'][0].Plan
  return hasOwnRows(relation) ? [{ schema: relation.schema, name: relation.name, rows: BigInt(root['Plan Rows']) }] : scans(root)
}

/** What the server takes each `$n` for. */
export async function readParameterTypes(session: Session, relation: FilteredRelation, predicate: string): Promise<readonly string[]> {
  await session.run(`prepare ${trial} as select from ${rowsOf(relation)} where (${predicate}\n)`)
  try {
    const types = await session.one(
      z.object({ types: z.array(z.string()) }),
      'select parameter_types::text[] as types from pg_catalog.pg_prepared_statements where name = $1',
      [trial],
    )
    return types.types
  } finally {
    if (session.alive) await session.run(`deallocate ${trial}`)
  }
}

const trial = 'seren_replicator_trial'

/** The types of expressions of a table's columns, of which no row is read. */
export async function readExpressionTypes(
  session: Session,
  relation: FilteredRelation,
  expressions: readonly string[],
): Promise<readonly string[]> {
  if (expressions.length === 0) return []
  const types = expressions.map((sql) => `pg_catalog.format_type(pg_catalog.pg_typeof(${sql}\n)::oid, -1)`)
  const found = await session.one(
    z.object({ types: z.array(z.string()) }),
    `select array[${types.join(', ')}] as types from (select) no_row left join ${rowsOf(relation)} on false`,
  )
  return found.types
}

function hasOwnRows({ kind, isHypertable }: FilteredRelation): boolean {
  return kind !== 'partitioned' && !isHypertable
}

function rowsOf(relation: FilteredRelation): string {
  return `${hasOwnRows(relation) ? 'only ' : ''}${qualified(relation)} as ${rowAlias}`
}

interface PlanNode {
  readonly 'Plan Rows': number
  readonly Schema?: string | undefined
  readonly 'Relation Name'?: string | undefined
  readonly Plans?: PlanNode[] | undefined
}

const planNode: z.ZodType<PlanNode> = z.object({
  'Plan Rows': z.number(),
  Schema: z.string().optional(),
  'Relation Name': z.string().optional(),
  get Plans() {
    return z.array(planNode).optional()
  },
})

/** Partitions that the planner left out have no rows, and no node. */
function scans(node: PlanNode): FilterEstimate[] {
  const { Schema: schema, 'Relation Name': name } = node
  const own = schema === undefined || name === undefined ? [] : [{ schema, name, rows: BigInt(node['Plan Rows']) }]
  return [...own, ...(node.Plans ?? []).flatMap(scans)]
}
