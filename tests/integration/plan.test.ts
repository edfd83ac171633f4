import { describe, expect, test } from 'vitest'
import { plan } from '../../src/commands/plan.ts'
import { validate } from '../../src/commands/validate.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { probe } from '../../src/engine/observe/probe.ts'
import { relayCopy } from '../../src/pg/copy-relay.ts'
import { openSession } from '../../src/pg/session.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { clientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { observing } from '../support/observing.ts'
import { pagila } from '../support/pagila.ts'

const signal = new AbortController().signal

test.skipIf(!pagila)('pagila is planned with sizes and an estimate', async (context) => {
  const pair = await databasePair(context, { createTarget: false })
  await pair.source.load(...(pagila ?? []))
  const result = await plan({ config: withTools(pair), emit: () => {}, signal })
  expect(result.problems).toEqual([])
  expect(result).toMatchObject({
    command: 'plan',
    outcome: 'done',
    jobs: expect.any(Number),
    planDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(result.estimatedSeconds).toBeGreaterThan(0)
  const tables = result.databases[0]?.tables ?? []
  expect(tables.filter(({ rule }) => rule === 'empty').map(({ name }) => name)).toEqual(
    ['payment', 'rental_by_category'].filter((name) => tables.some((one) => one.name === name)),
  )
  expect(tables.find(({ name }) => name === 'film')).toMatchObject({ rule: 'copy', format: 'binary', parts: 1 })
  const again = await validate({ config: withTools(pair), emit: () => {}, signal })
  expect(again).toMatchObject({ command: 'validate', outcome: 'done', planDigest: result.planDigest })
  expect(again.estimatedSeconds).toBeUndefined()
})

describe('the probe', () => {
  const load = (pair: DatabasePair) =>
    pair.source.query(`
      create type mood as enum ('sad', 'happy'); create domain year as int;
      create table big (i int primary key, m mood, y year, t text, a int[], gone int, twice int generated always as (i * 2) stored);
      alter table big drop column gone;
      insert into big (i, m, y, t, a) select i, 'happy', 2000, repeat(md5(i::text), 4), array[i] from generate_series(1, 60000) i`)

  test('copies from the largest table and leaves nothing behind', async (context) => {
    const pair = await databasePair(context, { source: 12, target: 18 })
    await load(pair)
    const config = withTools(pair)
    const observed = await observe(config, () => {}, signal)
    const started = performance.now()
    const measured = await probe(config, observed, signal)
    expect(performance.now() - started).toBeLessThan(4000)
    expect(measured).toMatchObject({ table: { schema: 'public', name: 'big' }, target: true })
    expect(measured.bytes).toBeGreaterThan(1_000_000n)
    expect(measured.seconds).toBeGreaterThan(0)
    expect(measured.sourceRoundTrip).toBeGreaterThan(0)
    expect(makePlan(config, { ...observed, probe: measured }).estimatedSeconds).toBeGreaterThan(0)
  })

  test('makes do with the source where the target refuses', async (context) => {
    const pair = await databasePair(context, { own: true })
    await load(pair)
    await pair.target.query(`create role plain login password 'plain'; revoke temp on database "${pair.target.name}" from public`)
    const target = parseConnectionUrl(pair.target.server.url(pair.target.name, { user: 'plain', password: 'plain' }), { user: 'plain' })
    const config = { ...withTools(pair), target }
    const measured = await probe(config, await observe(config, () => {}, signal), signal)
    expect(measured).toMatchObject({ target: false })
    expect(measured.bytes).toBeGreaterThan(1_000_000n)
  })

  test('has nothing to measure in empty tables', async (context) => {
    const pair = await databasePair(context)
    await pair.source.query('create table t (i int primary key)')
    const config = withTools(pair)
    const observed = await observe(config, () => {}, signal)
    const measured = await probe(config, observed, signal)
    expect(measured).toMatchObject({ table: null, bytes: 0n })
    expect(makePlan(config, { ...observed, probe: measured }).estimatedSeconds).toBeLessThan(1)
  })
})

test.for([
  { source: 15, target: 12, text: ['composite', 'domains', 'enums', 'nested'] },
  { source: 12, target: 18, text: [] },
  { source: 18, target: 15, text: ['intervals', 'spans'] },
] as const)('from $source to $target, what is planned as binary arrives the same', async ({ source, target, text }, context) => {
  const pair = await databasePair(context, { source, target })
  await Promise.all([pair.source, pair.target].map((one) => one.query(everyKind)))
  await pair.source.query(valuesOfEveryKind)
  const config = withTools(pair)
  const tables = makePlan(config, await observe(config, () => {}, signal)).databases[0]?.tables ?? []
  const asText = tables.filter(({ format }) => format === 'text').map(({ name }) => name)
  expect(asText.filter((name) => name !== 'insensitive')).toEqual([...alwaysText, ...text].sort())
  await using from = await openSession(config.source, { signal })
  await using to = await openSession(config.target, { signal })
  for (const { name, format } of tables) {
    const copy = {
      sourceSql: `copy public.${name} to stdout (format ${format})`,
      targetSql: `copy public.${name} from stdin (format ${format})`,
    }
    await relayCopy({ source: from, target: to, ...copy })
    const contents = `select t::text from public.${name} t`
    expect(await pair.target.query(contents), name).toEqual(await pair.source.query(contents))
  }
})

const alwaysText = ['documents', 'objects', 'prices']

const everyKind = `
  create extension citext;
  create type mood as enum ('sad', 'happy'); create type unused as (i int); create domain year as int check (value > 1900);
  create type pair as (i int, m mood); create type floats as range (subtype = float8);
  create table enum (v mood); create table enums (v mood[]);
  create table domain (v year); create table domains (v year[]);
  create table composite (v pair); create table nested (v pair[]);
  create table range (v floats); create table insensitive (v citext);
  create table intervals (v interval); create table spans (v interval[]);
  create table objects (v regclass); create table prices (v money); create table documents (v json, x xml);
  create table plain (a int[], b numeric, c jsonb, d inet, e tsvector, f timestamptz, g bytea, h uuid, i int4range, j point, k "char", l bit varying(5), m pg_lsn)`

const valuesOfEveryKind = `
  insert into enum values ('happy'), (null); insert into enums values ('{sad,NULL,happy}'), ('{}');
  insert into domain values (2000); insert into domains values ('{1950,2050}');
  insert into composite values ('(1,sad)'), ('(,)'); insert into nested values ('{"(1,sad)",NULL,"(2,)"}');
  insert into range values ('[1.5,2)'), ('empty'), ('(,)'); insert into insensitive values ('AbC');
  insert into intervals values ('1 year -2 days 3.5 sec'); insert into spans values ('{1 day,1 mon}');
  insert into objects values ('enum'); insert into prices values ('12.34'); insert into documents values ('{"a" : 1}', '<a>ü</a>');
  insert into plain values ('{{1,2},{3,NULL}}', 'NaN', '{"a": [1, null]}', '::1/64', 'a b:3A', 'infinity', '\\x00ff', '00112233445566778899aabbccddeeff', '[1,5)', '(1,-0)', 'x', B'10101', '1/FF')`

function withTools(pair: DatabasePair) {
  return observing(pair, { clientTools: { kind: 'folder', path: clientTools(pair.source.server.major) } })
}
