import { expect, test } from 'vitest'
import { databasePair } from '../support/database-pair.ts'
import { runVerify } from '../support/engine.ts'

const schema = `CREATE TABLE public.a (id integer PRIMARY KEY, v text); CREATE TABLE public.b (id integer); CREATE INDEX a_v ON public.a (v);
  INSERT INTO public.a SELECT n, 'v' || n FROM generate_series(1, 100) AS n; INSERT INTO public.b VALUES (1); ANALYZE`

test('equal databases end as done', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15 })
  for (const one of [pair.source, pair.target]) await one.query(schema)
  const { result, events } = await runVerify(pair)
  expect(result).toMatchObject({
    command: 'verify',
    outcome: 'done',
    problems: [],
    source: { host: '127.0.0.1' },
    databases: [{ name: pair.source.name, schemaDifferences: [] }],
  })
  const verified = result.databases[0]?.tables.map(({ name, verify }) => [
    name,
    verify?.result,
    verify?.sourceRows,
    verify?.sourceChecksum === verify?.targetChecksum,
  ])
  expect(verified).toEqual([
    ['a', 'equal', 100n, true],
    ['b', 'equal', 1n, true],
  ])
  expect(result.databases[0]?.tables[0]?.verify?.sourceChecksum).toMatch(/^[0-9a-f]{32}$/)
  expect(events.filter(({ type }) => type === 'table-verified')).toHaveLength(2)
})

test('differences of rows and schema end as different, and are named', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15 })
  for (const one of [pair.source, pair.target]) await one.query(schema)
  await pair.target.query(`UPDATE public.a SET v = 'other' WHERE id = 50; DROP INDEX public.a_v; SELECT lo_create(7)`)
  const { result } = await runVerify(pair)
  expect(result.outcome).toBe('different')
  const [database] = result.databases
  expect(database?.tables.map(({ name, verify }) => [name, verify?.result])).toEqual([
    ['a', 'different'],
    ['b', 'equal'],
  ])
  expect(database?.schemaDifferences).toMatchObject([
    { kind: 'missing', object: 'index', identity: 'public.a_v' },
    { kind: 'extra', object: 'large object', identity: '7' },
  ])
  expect(database?.largeObjects).toMatchObject({ count: 0n, verify: 'different' })
  expect(result.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    `tables-different: 2 tables not equal in database ${pair.source.name}: "public"."a", large objects.`,
    `schema-different: 2 objects not equal in database ${pair.source.name}: index public.a_v (missing), large object 7 (extra).`,
  ])
})

test('a missing database is different', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15, createTarget: false })
  await pair.source.query(schema)
  const { result } = await runVerify(pair)
  expect(result.outcome).toBe('different')
  expect(result.databases[0]?.tables[0]?.verify).toMatchObject({ result: 'different', reason: 'the database is missing on the target' })
})

test('a table that the target may not show fails alone', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15, own: true })
  for (const one of [pair.source, pair.target]) await one.query(schema)
  for (const one of [pair.source, pair.target]) await one.query('CREATE SEQUENCE public.q')
  await pair.target.query(`CREATE ROLE weak LOGIN PASSWORD 'weak'; GRANT pg_read_all_settings TO weak; GRANT SELECT ON public.a TO weak`)
  await pair.source.query(`CREATE ROLE weak; GRANT SELECT ON public.a TO weak`)
  const { parseConnectionUrl } = await import('../../src/config/connection-url.ts')
  const target = parseConnectionUrl(pair.target.server.url(pair.target.name, { user: 'weak', password: 'weak' }), { user: 'weak' })
  const { result } = await runVerify(pair, { target })
  expect(result.outcome).toBe('failed')
  expect(result.warnings).toMatchObject([{ message: 'Not compared, for a role may not read it: last value of sequence public.q.' }])
  expect(result.problems).toMatchObject([{ code: 'privilege-missing', relation: '"public"."b"' }])
  expect(result.databases[0]?.tables).toMatchObject([
    { name: 'a', verify: { result: 'equal' } },
    { name: 'b', failure: { code: 'privilege-missing' } },
  ])
})

test('rows that are hashed by the OID of an enum are compared with their partitioned table', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  for (const one of [pair.source, pair.target]) {
    // Other OIDs, so other partitions.
    if (one === pair.target) await one.query(`CREATE TYPE public.before AS ENUM ('p', 'q', 'r', 's', 't')`)
    await one.query(`CREATE TYPE public.mood AS ENUM ('a', 'b', 'c', 'd', 'e'); CREATE TABLE public.moods (id integer, mood public.mood) PARTITION BY HASH (mood);
      CREATE TABLE public.moods_0 PARTITION OF public.moods FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE public.moods_1 PARTITION OF public.moods FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO public.moods SELECT n, (enum_range(NULL::public.mood))[1 + n % 5] FROM generate_series(1, 1000) AS n`)
  }
  await pair.target.query('DROP TYPE public.before')
  const results = async () => (await runVerify(pair)).result.databases[0]?.tables.map(({ name, verify }) => [name, verify?.result])
  expect(await results()).toEqual([
    ['moods', 'equal'],
    ['moods_0', 'skipped'],
    ['moods_1', 'skipped'],
  ])
  await pair.target.query(`UPDATE public.moods SET mood = 'a' WHERE id = 1`)
  expect(await results()).toEqual([
    ['moods', 'different'],
    ['moods_0', 'skipped'],
    ['moods_1', 'skipped'],
  ])
})
