import { z } from 'zod'
import { openSession, type Session } from '../../pg/session.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { qualified } from '../../sql/identifier.ts'
import { forgetCopiedSql, recordCopiedSql } from '../../sql/ledger.ts'
import { beginUnderSnapshotSql } from '../../sql/snapshot.ts'
import { openTargetSession } from '../copy-worker.ts'
import { ledgerKey } from '../ledger.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import type { CopyRun } from './copy-run.ts'

/**
 * Finds the tables without rows, all with one query, and notes them as copied, so that thousands of empty tables cost nothing.
 * A table is empty under the snapshot if its file has no block now and is still the file that the snapshot saw: only TRUNCATE
 * or a rewrite, which make a new file, could have taken rows away that the snapshot sees.
 */
export async function recordEmptyTables(run: CopyRun, tables: readonly TablePlan[]): Promise<Set<number>> {
  // An extension may have put rows of its own into its tables on the target.
  const candidates = tables.filter((table) => table.extension === null)
  if (candidates.length === 0) return new Set()
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  await source.run(beginUnderSnapshotSql(run.snapshot.id()))
  const rows = await source.rows(
    z.object({ oid: z.number() }),
    `select c.oid
       from pg_catalog.pg_class c
      where c.oid = any ($1::pg_catalog.oid[])
        and pg_catalog.pg_relation_size(c.oid) = 0
        and pg_catalog.pg_relation_filenode(c.oid) = c.relfilenode`,
    [candidates.map((table) => table.oid)],
  )
  await source.run('commit')
  const empty = new Set(rows.map((row) => row.oid))
  await record(
    run,
    tables.filter((table) => empty.has(table.oid)),
  )
  return empty
}

async function record(run: CopyRun, tables: readonly TablePlan[]): Promise<void> {
  if (tables.length === 0) return
  await using target = await openTargetSession(run.target, run.database, run.signal)
  const rows = tables.map(({ schema, name }) => ({ schema, name, part: 0, parts: 1, lane: run.lane, rows: 0n, bytes: 0n, seconds: 0 }))
  const filled = await filledTables(target, tables)
  const leftOver = tables.filter((table) => filled.has(ledgerKey(table)) || run.ledger.copied.has(ledgerKey(table)))
  const clean = leftOver.flatMap((table) => [`truncate only ${qualified(table)}`, forgetCopiedSql(table)])
  await runWhileOurs(target, [...clean, recordCopiedSql(rows)].join(';\n'))
  for (const { schema, name } of tables)
    run.outcome.copied.set(ledgerKey({ schema, name }), { rows: 0n, bytes: 0n, seconds: 0, resumed: false })
}

/** Those that have rows on the target: of an unfinished copy, or of a lost lane, under a snapshot that still saw them. */
async function filledTables(target: Session, tables: readonly TablePlan[]): Promise<ReadonlySet<string>> {
  const found = await target.rows(
    z.object({ schema: z.string(), name: z.string() }),
    `select n.nspname::text as schema,
            c.relname::text as name
       from unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) t(schema_name, table_name)
       join pg_catalog.pg_namespace n on n.nspname = t.schema_name
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.table_name
      where pg_catalog.pg_relation_size(c.oid) > 0`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  )
  return new Set(found.map(ledgerKey))
}
