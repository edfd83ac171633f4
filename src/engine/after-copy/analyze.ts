import { z } from 'zod'
import { type ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import type { Session } from '../../pg/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { borrowedSessions } from '../borrowed-sessions.ts'
import { collectWarnings, isRefusal, serverHint } from '../warnings.ts'
import { runPool } from '../work-pool.ts'

interface AnalyzeTables {
  readonly sessions: readonly [Session, ...Session[]]
  readonly database: string
  /** Tables, partitioned tables and materialized views, in any order. */
  readonly tables: readonly Loaded[]
  readonly emit: Emit
  readonly signal: AbortSignal
}

interface Loaded {
  readonly schema: string
  readonly name: string
  readonly bytes: bigint
}

/** Gathers statistics of what was loaded, the biggest first, over all sessions. */
export async function analyzeTables({
  sessions,
  database,
  tables,
  emit,
  signal,
}: AnalyzeTables): Promise<{ readonly warnings: readonly Warning[] }> {
  const warnings = collectWarnings(emit)
  const failed = (table: string, error: ReplicatorError) =>
    warnings.add(
      warning('statement-skipped', `${table} was not analyzed: ${error.message}`, {
        database,
        relation: table,
        hint: serverHint(error),
        sql: `ANALYZE ${table}`,
      }),
    )
  const batches = inBatches(await coveringTables(sessions[0], tables))
  const items = batches.map(({ tables, weight }) => ({ weight, run: (session: Session) => analyzeBatch(session, tables, failed) }))
  await runPool(borrowedSessions(sessions), items, signal)
  return { warnings: warnings.list }
}

interface Analyzed {
  /** As ANALYZE takes it. */
  readonly spelled: string
  readonly bytes: bigint
}

const kindRow = z.object({ index: z.number(), partitioned: z.boolean(), root: z.number().nullable() })

/**
 * Before 18, ANALYZE of a partitioned table analyzes its partitions too, so it's enough to name the topmost one; from 18 on each
 * partition is named for itself, side by side, and the parents with ONLY.
 * https://www.postgresql.org/docs/current/sql-analyze.html
 */
async function coveringTables(session: Session, tables: readonly Loaded[]): Promise<Analyzed[]> {
  const kinds = await session.rows(
    kindRow,
    `with listed as materialized (
       select *
         from rows from (
                pg_catalog.unnest($1::text[]),
                pg_catalog.unnest($2::text[])
              ) with ordinality as t(schema, name, n)
     )
     select t.n::int as index,
            c.relkind = 'p' as partitioned,
            (select r.n::int
               from pg_catalog.pg_partition_root(c.oid) as p(oid)
               join pg_catalog.pg_class rc on rc.oid = p.oid
               join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
               join listed r on r.schema = rn.nspname and r.name = rc.relname
              where p.oid <> c.oid) as root
       from listed t
       join pg_catalog.pg_namespace n on n.nspname = t.schema
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.name`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  )
  const only = session.versionNumber >= 180000
  const bytes = tables.map((table) => table.bytes)
  if (!only)
    for (const { index, root } of kinds) if (root !== null) bytes[root - 1] = (bytes[root - 1] ?? 0n) + (tables[index - 1]?.bytes ?? 0n)
  return kinds.flatMap(({ index, partitioned, root }) => {
    const table = tables[index - 1]
    if (table === undefined || (!only && root !== null)) return []
    return { spelled: `${only && partitioned ? 'only ' : ''}${qualified(table)}`, bytes: bytes[index - 1] ?? 0n }
  })
}

/** A table of this size keeps the server busy for so long that round trips don't matter. */
const smallBytes = 4_194_304n
const smallPerBatch = 50

interface Batch {
  readonly tables: readonly string[]
  readonly weight: number
}

/** Big tables one by one, small ones many to a statement. */
function inBatches(tables: readonly Analyzed[]): Batch[] {
  const batches = tables
    .filter(({ bytes }) => bytes >= smallBytes)
    .map(({ spelled, bytes }): Batch => ({ tables: [spelled], weight: Number(bytes) }))
  const small = tables.filter(({ bytes }) => bytes < smallBytes).map(({ spelled }) => spelled)
  for (let at = 0; at < small.length; at += smallPerBatch) batches.push({ tables: small.slice(at, at + smallPerBatch), weight: 0 })
  return batches
}

/** Outside of a transaction ANALYZE commits table by table, so a failure costs only what comes after it. */
async function analyzeBatch(
  session: Session,
  tables: readonly string[],
  failed: (table: string, error: ReplicatorError) => void,
): Promise<void> {
  try {
    await session.run(`analyze ${tables.join(', ')}`)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const [first = '', ...others] = tables
    if (others.length === 0) return failed(first.replace(/^only /, ''), error)
    for (const one of tables) await analyzeBatch(session, [one], failed)
  }
}
