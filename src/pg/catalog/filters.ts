import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

interface FilteredRelation {
  readonly schema: string
  readonly name: string
  readonly kind: string
}

/** What the planner expects of one table. */
export interface FilterEstimate {
  readonly schema: string
  readonly name: string
  readonly rows: bigint
}

export type CheckedFilter = { readonly error: string } | { readonly error: null; readonly estimates: readonly FilterEstimate[] }

/**
 * Has the source judge a predicate, without running it. Inside of CASE it can only be one expression: what closes a parenthesis
 * and begins something else doesn't fit there. The extended protocol refuses a second statement, and the session is read-only.
 */
export async function checkFilter(session: Session, relation: FilteredRelation, predicate: string): Promise<CheckedFilter> {
  const from = `${relation.kind === 'partitioned' ? '' : 'only '}${qualified(relation)}`
  try {
    await session.rows(z.unknown(), `explain select from ${from} where case when (${predicate}\n) then true end`)
    const plans = await session.one(
      z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) }),
      `explain (verbose, format json) select from ${from} where (${predicate}\n)`,
    )
    const unstable = await readUnstableFunctions(session, calledNames(predicate))
    if (unstable.length > 0) return { error: `it calls ${unstable.join(', ')}, which may answer differently each time` }
    const root = plans['QUERY PLAN'][0].Plan
    return {
      error: null,
      estimates:
        relation.kind === 'partitioned' ? scans(root) : [{ schema: relation.schema, name: relation.name, rows: BigInt(root['Plan Rows']) }],
    }
  } catch (error) {
    if (!(error instanceof ReplicatorError) || error.server === undefined || !session.alive) throw error
    return { error: error.message }
  }
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

/** Names before an opening parenthesis, as the catalog would have them. */
function calledNames(predicate: string): string[] {
  const calls = predicate.matchAll(/(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*\(/gu)
  return [...new Set([...calls].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.toLowerCase()))]
}

/** Volatile functions, and users' own that aren't immutable: what those read nobody knows. */
async function readUnstableFunctions(session: Session, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const rows = await session.rows(
    z.object({ name: z.string() }),
    `select distinct p.proname::text as name
       from pg_catalog.pg_proc p
      where p.proname = any ($1::text[])
        and (p.provolatile = 'v' or (p.provolatile <> 'i' and p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace))
      order by 1`,
    [names],
  )
  return rows.map(({ name }) => name)
}
