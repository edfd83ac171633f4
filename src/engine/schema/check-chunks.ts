import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import type { DatabasePlan } from '../../plan/plan.ts'
import { qualified } from '../../sql/identifier.ts'

/**
 * Chunks appear by themselves. One that the plan doesn't know would arrive without its rows, and one that came after the definitions has no
 * table on the target: `source` looks under the snapshot.
 */
export async function checkChunks({ name: database, tables, timescaledb }: DatabasePlan, source: Session, target: Session): Promise<void> {
  if (timescaledb === null) return
  const planned = new Set(tables.map(qualified))
  const chunks = await source.rows(
    chunkRow,
    `select k.schema_name::text as schema, k.table_name::text as name
       from _timescaledb_catalog.chunk k
       join pg_catalog.pg_namespace n on n.nspname = k.schema_name
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = k.table_name`,
  )
  const unplanned = chunks.find((chunk) => !planned.has(qualified(chunk)))
  if (unplanned !== undefined)
    throw new ReplicatorError('scope-changed', `chunk ${qualified(unplanned)} was made while this run began`, {
      database,
      hint: 'Start the command again.',
    })
  const [progress] = await target.rows(z.object({ done: z.boolean() }), 'select pre_data_done as done from seren_replicator.ledger')
  if (progress?.done !== true) return
  const there = await target.rows(
    chunkRow,
    `select n.nspname::text as schema, c.relname::text as name
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r'`,
  )
  const standing = new Set(there.map(qualified))
  const missing = tables.find((table) => table.partOf !== null && table.rule !== 'excluded' && !standing.has(qualified(table)))
  if (missing !== undefined)
    throw new ReplicatorError('scope-changed', `chunk ${qualified(missing)} was made since the copy began`, {
      database,
      hint: "TimescaleDB's catalog was copied without it. Start over with `no-resume`.",
    })
}

const chunkRow = z.object({ schema: z.string(), name: z.string() })
