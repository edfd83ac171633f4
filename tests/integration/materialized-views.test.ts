import { describe, expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { refreshMaterializedViews } from '../../src/engine/after-copy/refresh-materialized-views.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { loadSql } from '../support/load-sql.ts'
import { sessionOn } from '../support/session.ts'

/** The names are against the order: what is read comes later in the alphabet, and later by oid where functions hide it. */
const definitions = `
  CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n;
  CREATE MATERIALIZED VIEW z_first AS SELECT n FROM public.t WITH NO DATA;
  CREATE VIEW y_between AS SELECT n * 2 AS n FROM z_first;
  CREATE MATERIALIZED VIEW "X ""second""" AS SELECT n FROM y_between WITH NO DATA;
  CREATE MATERIALIZED VIEW w_third AS SELECT a.n FROM "X ""second""" a JOIN z_first b USING (n) WITH NO DATA;
  CREATE UNIQUE INDEX ON w_third (n);
  CREATE FUNCTION through_plpgsql() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT n FROM public.v_hidden; END $$;
  CREATE MATERIALIZED VIEW a_by_function AS SELECT n FROM public.through_plpgsql() n WITH NO DATA;
  CREATE MATERIALIZED VIEW a_by_function_again AS SELECT n FROM a_by_function WITH NO DATA;
  CREATE MATERIALIZED VIEW v_hidden AS SELECT n FROM w_third WITH NO DATA;
  CREATE MATERIALIZED VIEW empty_on_purpose AS SELECT n FROM t WITH NO DATA;`

const sqlFunction = `
  CREATE MATERIALIZED VIEW u_read AS SELECT n FROM t WITH NO DATA;
  CREATE FUNCTION through_sql() RETURNS SETOF int BEGIN ATOMIC SELECT n FROM u_read; END;
  CREATE MATERIALIZED VIEW b_by_sql AS SELECT n FROM through_sql() n WITH NO DATA;`

const populate = ['z_first', '"X ""second"""', 'w_third', 'v_hidden', 'a_by_function', 'a_by_function_again']

describe('materialized views', () => {
  test.for<[ServerMajor, ServerMajor]>([
    [12, 18],
    [18, 12],
    [15, 17],
  ])('from %i to %i are filled in the order in which they read each other', async ([source, target], context) => {
    const pair = await databasePair(context, { source, target })
    const atomic = source >= 14 && target >= 14
    for (const one of [pair.source, pair.target]) await loadSql(one.url, atomic ? definitions + sqlFunction : definitions)
    const views = atomic ? [...populate, 'u_read', 'b_by_sql'] : populate
    for (const view of views) await loadSql(pair.source.url, `REFRESH MATERIALIZED VIEW ${view}`)
    expect(await refresh(pair, 2)).toEqual({ refreshed: views.length, warnings: [] })
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
    expect(await pair.target.query(`SELECT relname FROM pg_class WHERE relkind = 'm' AND NOT relispopulated`)).toEqual([
      { relname: 'empty_on_purpose' },
    ])
  })

  test('that fail are named with what reads them, and the others filled', async (context) => {
    const pair = await databasePair(context)
    const sql = `
      CREATE TABLE t AS SELECT 1 AS n;
      CREATE FUNCTION by_search_path() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END';
      CREATE MATERIALIZED VIEW broken AS SELECT public.by_search_path();
      CREATE MATERIALIZED VIEW on_broken AS TABLE broken;
      CREATE MATERIALIZED VIEW fine AS TABLE t;`
    await loadSql(pair.source.url, sql)
    await loadSql(pair.target.url, sql.replaceAll(/( AS (?:SELECT public|TABLE)[^;]*);/g, '$1 WITH NO DATA;'))
    const { refreshed, warnings } = await refresh(pair, 1)
    expect(refreshed).toBe(1)
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'refresh-failed',
        relation: '"public"."broken"',
        message: expect.stringContaining('relation "t" does not exist'),
      }),
      expect.objectContaining({
        code: 'refresh-failed',
        relation: '"public"."on_broken"',
        message: expect.stringContaining('has not been populated'),
      }),
    ])
  })

  test('that the plan has without rows stay so', async (context) => {
    const pair = await databasePair(context)
    for (const one of [pair.source, pair.target])
      await loadSql(
        one.url,
        'CREATE MATERIALIZED VIEW a AS SELECT 1 AS n WITH NO DATA; CREATE MATERIALIZED VIEW b AS SELECT 2 AS n WITH NO DATA',
      )
    await loadSql(pair.source.url, 'REFRESH MATERIALIZED VIEW a; REFRESH MATERIALIZED VIEW b')
    expect(await refresh(pair, 1, [{ schema: 'public', name: 'a', rule: 'schema-only' }])).toEqual({ refreshed: 1, warnings: [] })
    expect(await pair.target.query('TABLE b')).toEqual([{ n: '2' }])
    await expect(pair.target.query('TABLE a')).rejects.toThrow(/has not been populated/)
  })
})

type Tables = Parameters<typeof refreshMaterializedViews>[0]['plan']['tables']

async function refresh(pair: DatabasePair, sessions: number, tables: Tables = []) {
  await using source = await sessionOn(pair.source.url)
  await using first = await sessionOn(pair.target.url)
  await using second = await sessionOn(pair.target.url)
  return await refreshMaterializedViews({
    source,
    targets: sessions === 1 ? [first] : [first, second],
    database: pair.source.name,
    plan: { tables },
    emit: () => undefined,
    signal: new AbortController().signal,
  })
}
