import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { analyzeTables } from '../../src/engine/after-copy/analyze.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { loadSql } from '../support/load-sql.ts'
import { ownServer } from '../support/servers.ts'
import { sessionOn } from '../support/session.ts'

const tables = `
  CREATE TABLE plain AS SELECT n FROM generate_series(1, 100) n;
  CREATE TABLE "Odd "" name" AS SELECT n FROM generate_series(1, 100) n;
  CREATE TABLE parts (n int) PARTITION BY RANGE (n);
  CREATE TABLE part_a PARTITION OF parts FOR VALUES FROM (0) TO (50);
  CREATE TABLE part_b PARTITION OF parts FOR VALUES FROM (50) TO (200) PARTITION BY LIST (n);
  CREATE TABLE part_b_rest PARTITION OF part_b DEFAULT;
  INSERT INTO parts SELECT n FROM generate_series(1, 100) n;
  CREATE MATERIALIZED VIEW view AS TABLE plain;`

const names = ['plain', 'Odd " name', 'parts', 'part_a', 'part_b', 'part_b_rest', 'view']

describe('analyze', () => {
  test.for<ServerMajor>([12, 15, 18])('on %i leaves every table with statistics, each analyzed once', async (major, context) => {
    const pair = await databasePair(context, { source: 15, target: major })
    await loadSql(pair.target.url, tables)
    expect(await analyze(pair, names)).toEqual([])
    const analyzed = await pair.target.query<{ name: string }>('SELECT DISTINCT tablename AS name FROM pg_stats WHERE schemaname = $1', [
      'public',
    ])
    expect(analyzed.map(({ name }) => name).sort()).toEqual([...names].sort())
    await pair.target.query('SELECT pg_stat_clear_snapshot()')
    expect(await pair.target.query(`SELECT relname, analyze_count FROM pg_stat_user_tables WHERE analyze_count > 1`)).toEqual([])
  })

  test('names what it could not analyze, and does the rest', async () => {
    await using server = await ownServer({ major: 15 })
    await loadSql(
      server.url(),
      'CREATE TABLE good AS SELECT 1 AS n; CREATE FUNCTION fails(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1 / ($1 - 1); END $$',
    )
    await loadSql(
      server.url(),
      'CREATE TABLE bad (n int); CREATE INDEX ON bad (fails(n)); SET session_replication_role = replica; INSERT INTO bad VALUES (2)',
    )
    await loadSql(
      server.url(),
      'CREATE OR REPLACE FUNCTION fails(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1 / ($1 - 2); END $$',
    )
    await using session = await sessionOn(server.url())
    const loaded = ['bad', 'good', 'gone'].map((name) => ({ schema: 'public', name, bytes: 1n }))
    const { warnings } = await analyzeTables({
      sessions: [session],
      database: 'postgres',
      tables: loaded,
      emit: () => undefined,
      signal: new AbortController().signal,
    })
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'statement-skipped',
        relation: '"public"."bad"',
        message: expect.stringContaining('division by zero'),
      }),
    ])
    expect(await session.rows(z.unknown(), `select from pg_catalog.pg_stats where tablename = 'good'`)).toHaveLength(1)
  })
})

async function analyze(pair: DatabasePair, which: readonly string[]) {
  await using first = await sessionOn(pair.target.url)
  await using second = await sessionOn(pair.target.url)
  const { warnings } = await analyzeTables({
    sessions: [first, second],
    database: pair.target.name,
    tables: which.map((name, index) => ({ schema: 'public', name, bytes: BigInt(index) * 3_000_000n })),
    emit: () => undefined,
    signal: new AbortController().signal,
  })
  return warnings
}
