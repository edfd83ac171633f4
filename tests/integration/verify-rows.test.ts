import { describe, expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { verifyRows } from '../../src/engine/verify/verify-rows.ts'
import { ReplicatorError } from '../../src/errors.ts'
import type { Event } from '../../src/events.ts'
import type { TablePlan } from '../../src/plan/plan.ts'
import type { TableVerification } from '../../src/plan/results.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'

/** A plan for every table of the source: what is tested is what's made of it. */
async function plans({ source }: DatabasePair, change: (table: TablePlan) => TablePlan = (table) => table): Promise<TablePlan[]> {
  const rows = await source.query<{ schema: string; name: string; kind: string }>(
    `SELECT nspname AS schema, relname AS name, relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')`,
  )
  return rows.map(({ schema, name, kind }) => {
    const what = kind === 'p' ? ({ kind: 'partitioned', rule: 'empty' } as const) : ({ kind: 'table', rule: 'copy' } as const)
    const sizes = { estimatedRows: 0n, heapBytes: 0n, toastBytes: 0n, indexBytes: 0n, indexes: 0 }
    return change({
      oid: 0,
      schema,
      name,
      ...what,
      ...sizes,
      partOf: null,
      extension: null,
      predicate: null,
      predicateGiven: null,
      columns: [],
      format: 'text',
      parts: [],
      copied: false,
      publish: null,
      setIdentityFull: false,
      tableSync: false,
    })
  })
}

interface Verified {
  readonly tables: Readonly<Record<string, TableVerification | ReplicatorError>>
  readonly largeObjects: TableVerification | ReplicatorError | undefined
  readonly events: readonly Event[]
}

async function verify(pair: DatabasePair, tables?: readonly TablePlan[], bytesPerStatement?: number): Promise<Verified> {
  const events: Event[] = []
  const [source, target] = [pair.source, pair.target].map(({ url }) => parseConnectionUrl(url, { user: 'postgres' }))
  const result = await verifyRows({
    database: pair.source.name,
    tables: tables ?? (await plans(pair)),
    largeObjects: 1n,
    source: source!,
    target: target!,
    jobs: 2,
    followed: null,
    ...(bytesPerStatement === undefined ? {} : { bytesPerStatement }),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  })
  const named = [...result.tables].map(([table, verification]) => [`${table.schema}.${table.name}`, verification] as const)
  return { tables: Object.fromEntries(named), largeObjects: result.largeObjects?.result, events }
}

/** Names of the tables that aren't equal, with the reason. */
function differing({ tables }: Verified): Record<string, string> {
  const odd = Object.entries(tables).filter(([, one]) => one instanceof ReplicatorError || one.result !== 'equal')
  return Object.fromEntries(odd.map(([name, one]) => [name, one instanceof ReplicatorError ? one.code : (one.reason ?? one.result)]))
}

describe('rows read the same', () => {
  for (const [source, target] of [
    [12, 18],
    [15, 17],
    [17, 12],
    [18, 15],
  ] as const) {
    test(`on ${source} and ${target}, whatever their types`, async (context) => {
      const pair = await databasePair(context, { source, target, own: true })
      const folder = 'tests/fixtures/awkward'
      for (const one of [pair.source, pair.target]) await one.load(`${folder}/roles.sql`, `${folder}/types.sql`, `${folder}/values.sql`)
      const verified = await verify(pair)
      expect(differing(verified)).toEqual({})
      expect(verified.tables['awkward.every_type']).toMatchObject({ result: 'equal', sourceRows: 9n, targetRows: 9n })
    })
  }
})

describe('every changed row is found', () => {
  const schema = `
    CREATE TABLE public.t (id integer, a text, b json);
    INSERT INTO public.t SELECT n, 'a' || n, '{"b": 1}' FROM generate_series(1, 1000) AS n;
    INSERT INTO public.t VALUES (1001, '', NULL), (1002, NULL, NULL), (1003, 'twice', NULL), (1003, 'twice', NULL), (1004, 'once more', NULL), (1004, 'once more', NULL);
    CREATE TABLE public.no_columns ();
    INSERT INTO public.no_columns DEFAULT VALUES;
    CREATE TABLE public.empty (id integer);
    CREATE TABLE public."Weird ""name"" %s" ("a ""b"".c" integer, gone integer, twice integer GENERATED ALWAYS AS ("a ""b"".c" * 2) STORED);
    ALTER TABLE public."Weird ""name"" %s" DROP COLUMN gone;
    INSERT INTO public."Weird ""name"" %s" VALUES (1), (2);
    CREATE TABLE public.parent (id integer);
    CREATE TABLE public.child (extra text) INHERITS (public.parent);
    INSERT INTO public.parent VALUES (1);
    INSERT INTO public.child VALUES (2, 'x');
    CREATE TABLE public.parted (id integer) PARTITION BY RANGE (id);
    CREATE TABLE public.part PARTITION OF public.parted DEFAULT;
    INSERT INTO public.parted VALUES (1);`

  const planted: Record<string, readonly [sql: string, differing: Record<string, string>]> = {
    'nothing changed': ['SELECT 1', {}],
    'rows in another order': ['UPDATE public.t SET a = a WHERE id % 7 = 0', {}],
    'one character': [`UPDATE public.t SET a = 'A500' WHERE id = 500`, { t: 'the same number of rows, but not the same rows' }],
    'white space in json': [`UPDATE public.t SET b = '{"b":1}' WHERE id = 500`, { t: 'the same number of rows, but not the same rows' }],
    "NULL for ''": ['UPDATE public.t SET a = NULL WHERE id = 1001', { t: 'the same number of rows, but not the same rows' }],
    "'' for NULL": [`UPDATE public.t SET a = '' WHERE id = 1002`, { t: 'the same number of rows, but not the same rows' }],
    'values of two rows exchanged': [
      `UPDATE public.t SET a = CASE id WHEN 1 THEN 'a2' ELSE 'a1' END WHERE id IN (1, 2)`,
      { t: 'the same number of rows, but not the same rows' },
    ],
    'a pair of equal rows replaced by another pair': [
      `UPDATE public.t SET id = 1005, a = 'other' WHERE id = 1003`,
      { t: 'the same number of rows, but not the same rows' },
    ],
    'one pair counted three times, another once': [
      `UPDATE public.t SET id = 1003, a = 'twice' WHERE ctid = (SELECT max(ctid) FROM public.t WHERE id = 1004)`,
      { t: 'the same number of rows, but not the same rows' },
    ],
    'a row deleted': ['DELETE FROM public.t WHERE id = 3', { t: 'the target has 1 row less' }],
    'rows added': [`INSERT INTO public.empty VALUES (NULL), (NULL)`, { empty: 'the target has 2 rows more' }],
    'a row without columns added': ['INSERT INTO public.no_columns DEFAULT VALUES', { no_columns: 'the target has 1 row more' }],
    'a row of the parent moved to the child': [
      'INSERT INTO public.child SELECT id FROM ONLY public.parent; DELETE FROM ONLY public.parent',
      { child: 'the target has 1 row more', parent: 'the target has 1 row less' },
    ],
    'a row of a partition': ['DELETE FROM public.parted', { part: 'the target has 1 row less' }],
    'a row of a table with an odd name': [
      'UPDATE public."Weird ""name"" %s" SET "a ""b"".c" = 3 WHERE "a ""b"".c" = 2',
      { 'Weird "name" %s': 'the same number of rows, but not the same rows' },
    ],
    'columns in another order': [
      'ALTER TABLE public.t DROP COLUMN id, ADD COLUMN id integer; UPDATE public.t SET id = 7',
      { t: 'the same number of rows, but not the same rows' },
    ],
    'a column gone': [
      'ALTER TABLE public.t DROP COLUMN b, ADD COLUMN c text, ADD COLUMN d text',
      { t: 'column missing on the target: b; columns extra on the target: c, d' },
    ],
    'a table gone': ['DROP TABLE public.t', { t: 'it is missing on the target' }],
    'a large object changed': [`SELECT lo_put(1001, 300000, 'X')`, { 'large objects': 'the same number of rows, but not the same rows' }],
    'a large object under another oid': [
      `SELECT lo_unlink(1002), lo_from_bytea(1005, '')`,
      { 'large objects': 'the same number of rows, but not the same rows' },
    ],
    'a large object more': [`SELECT lo_create(5)`, { 'large objects': 'the target has 1 row more' }],
  }

  const large = `SELECT lo_from_bytea(1001, convert_to(repeat('0123456789', 100000), 'UTF8')), lo_create(1002), lo_from_bytea(1003, '\\x00');`

  test('and nothing else', async (context) => {
    const pair = await databasePair(context, { source: 12, target: 15 })
    await pair.source.query(schema + large)
    const tables = await plans(pair)
    for (const [name, [sql, expected]] of Object.entries(planted)) {
      await pair.target.query(
        `DROP SCHEMA public CASCADE; CREATE SCHEMA public; SELECT lo_unlink(oid) FROM pg_largeobject_metadata; ${schema}${large}${sql}`,
      )
      const verified = await verify(pair, tables)
      const found = differing({ ...verified, tables: { ...verified.tables, 'public.large objects': verified.largeObjects! } })
      const wanted = Object.entries({ ...expected, parted: 'it has no rows of its own' }).map(([table, reason]) => [
        `public.${table}`,
        reason,
      ])
      expect(found, name).toEqual(Object.fromEntries(wanted))
    }
  })

  test('in a table that is read in pieces', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18 })
    for (const one of [pair.source, pair.target]) {
      await one.query(`CREATE TABLE public.big (id integer, filler text);
        ALTER TABLE public.big ALTER COLUMN filler SET STORAGE EXTERNAL;
        INSERT INTO public.big SELECT n, repeat(md5(n::text), 4000) FROM generate_series(1, 60) AS n`)
    }
    const equal = await verify(pair, undefined, 1 << 20)
    expect(equal.tables['public.big']).toMatchObject({ result: 'equal', sourceRows: 60n, targetRows: 60n })
    await pair.target.query(`UPDATE public.big SET filler = overlay(filler PLACING 'x' FROM 64000) WHERE id = 60`)
    expect(differing(await verify(pair, undefined, 1 << 20))).toEqual({ 'public.big': 'the same number of rows, but not the same rows' })
    await pair.target.query('DELETE FROM public.big WHERE id = 1')
    expect(differing(await verify(pair, undefined, 1 << 20))).toEqual({ 'public.big': 'the target has 1 row less' })
  })
})

describe('what the plan says', () => {
  test('a filter is applied to the source alone', async (context) => {
    const pair = await databasePair(context)
    const sql = 'CREATE TABLE public.t (id integer); INSERT INTO public.t SELECT generate_series(1, 10)'
    for (const one of [pair.source, pair.target]) await one.query(sql)
    const tables = await plans(pair, (table) => ({ ...table, rule: 'filtered', predicate: 'id > 5 -- the newer half' }))
    expect(differing(await verify(pair, tables))).toEqual({ 'public.t': 'the target has 5 rows more' })
    await pair.target.query('DELETE FROM public.t WHERE id <= 5')
    expect(differing(await verify(pair, tables))).toEqual({})
  })

  test('what is schema only is skipped', async (context) => {
    const pair = await databasePair(context)
    for (const one of [pair.source, pair.target]) await one.query('CREATE TABLE public.t (id integer)')
    await pair.source.query('INSERT INTO public.t VALUES (1)')
    const { tables, events } = await verify(pair, await plans(pair, (table) => ({ ...table, rule: 'schema-only' })))
    expect(tables['public.t']).toMatchObject({ result: 'skipped', reason: 'schema only: its rows are not replicated' })
    expect(events).toMatchObject([
      { type: 'verify-planned', tables: 1 },
      { type: 'table-verified', result: 'skipped' },
    ])
  })
})

describe('what can not be read', () => {
  test('concerns that table alone', async (context) => {
    const pair = await databasePair(context)
    const sql = `CREATE TABLE public.readable (id integer); INSERT INTO public.readable VALUES (1);
      CREATE FUNCTION public.fail(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 0';
      CREATE TABLE public.unreadable (id integer, c integer);
      INSERT INTO public.unreadable VALUES (1)`
    for (const one of [pair.source, pair.target]) await one.query(sql)
    const failing = await plans(pair, (table) => (table.name === 'unreadable' ? { ...table, predicate: 'public.fail(id) > 0' } : table))
    const verified = await verify(pair, failing)
    expect(differing(verified)).toEqual({ 'public.unreadable': 'table-incomparable' })
    expect(verified.events.map(({ type }) => type).sort()).toEqual(['table-failed', 'table-verified', 'verify-planned'])
  })

  test('is compared as UTF-8 where the encodings differ', async (context) => {
    const pair = await databasePair(context, { createTarget: false })
    await pair.target.server.url()
    const { name } = pair.target
    const { query } = await import('../support/query.ts')
    await query(pair.target.server.url(), `CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`)
    for (const one of [pair.source, pair.target])
      await one.query(`CREATE TABLE public.t (a text); INSERT INTO public.t VALUES ('é'), ('ü')`)
    expect(differing(await verify(pair))).toEqual({})
    await pair.target.query(`UPDATE public.t SET a = 'e' WHERE a = 'é'`)
    expect(differing(await verify(pair))).toEqual({ 'public.t': 'the same number of rows, but not the same rows' })
  })

  test('ends at once when aborted', async (context) => {
    const pair = await databasePair(context)
    for (const one of [pair.source, pair.target]) await one.query('CREATE TABLE public.t (id integer); INSERT INTO public.t VALUES (1)')
    const abort = new AbortController()
    const [source, target] = [pair.source, pair.target].map(({ url }) => parseConnectionUrl(url, { user: 'postgres' }))
    const tables = await plans(pair, (table) => ({ ...table, predicate: 'pg_catalog.pg_sleep(60) IS NOT NULL' }))
    const started = performance.now()
    setTimeout(() => abort.abort(new Error('enough')), 300)
    const options = {
      database: pair.source.name,
      tables,
      largeObjects: 0n,
      source: source!,
      target: target!,
      jobs: 2,
      followed: null,
      emit: () => {},
      signal: abort.signal,
    }
    await expect(verifyRows(options)).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(2000)
    await pair.source.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
  })
})
