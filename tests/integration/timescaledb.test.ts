import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { Rejection } from '../../src/errors.ts'
import { compareTables } from '../support/compare.ts'
import type { DatabasePair, TestDatabase } from '../support/database-pair.ts'
import { engineConfig, runInit, runOn, runVerify } from '../support/engine.ts'
import { loadSqlFile } from '../support/load-sql.ts'
import { query } from '../support/query.ts'
import { reusedServers } from '../support/reused-servers.ts'
import { standInVersions, withTimescaledb } from '../support/timescaledb.ts'

const serverFor = reusedServers()
const [olderVersion] = standInVersions
const internal = '_timescaledb_internal'
/** Differ by nature: the target's own, and what the tests look at. */
const ownRows = ['_timescaledb_catalog.metadata', `${internal}.stand_in_calls`]

async function metricsPair(): Promise<DatabasePair> {
  const name = `metrics_${randomBytes(3).toString('hex')}`
  const on = async (role: 'source' | 'target', major: 15 | 18): Promise<TestDatabase> => {
    const server = await serverFor(role, { ...withTimescaledb, major })
    const url = server.url(name)
    return { server, name, url, query: (sql, values) => query(url, sql, values), load: (file = '') => loadSqlFile(url, file) }
  }
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'test-'))
  onTestFinished(() => rm(temporaryFolder, { recursive: true }))
  const pair = { source: await on('source', 15), target: await on('target', 18), temporaryFolder }
  await query(pair.source.server.url(), `create database ${name}`)
  await pair.source.query('create extension timescaledb')
  await pair.source.load('tests/fixtures/timescaledb/metrics.sql')
  return pair
}

function scope(pair: DatabasePair, rules: Partial<Config['scope']>): Partial<Config> {
  return { scope: { ...engineConfig(pair).scope, ...rules } }
}

const named = (...parts: string[]) => ({ text: parts.join('.'), parts: parts.map((text) => ({ text, quoted: true })) })
const calls = (pair: DatabasePair) => pair.target.query(`select call, tables, hypertables, triggers from ${internal}.stand_in_calls`)
const restoring = (pair: DatabasePair) =>
  query(pair.target.server.url(), "select from pg_db_role_setting where setconfig::text like '%timescaledb.restoring%'")
const rows = async ({ query }: TestDatabase, table: string) => Number((await query(`select count(*) from only ${table}`))[0]?.['count'])

test('hypertables arrive with their chunks, TimescaleDB is told before and after, and each is shown and compared as one', async () => {
  const pair = await metricsPair()
  const { result } = await runInit(pair)
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await calls(pair)).toEqual([
    { call: 'pre_restore', tables: '0', hypertables: '0', triggers: '0' },
    { call: 'post_restore', tables: '3', hypertables: '4', triggers: '1' },
  ])
  expect(await restoring(pair)).toEqual([])
  expect(await compareTables(pair.source.url, pair.target.url, { except: ownRows })).toEqual([])
  expect(await pair.target.query('select inhrelid::regclass::text as chunk from pg_inherits order by 1')).toHaveLength(5)
  const jobs = await pair.target.query('select id from _timescaledb_config.bgw_job order by id')
  expect(jobs.map(({ id }) => Number(id))).toEqual([3, 1000, 1001, 1002])

  const user = (one: { schema: string }) => !one.schema.startsWith('_timescaledb_c')
  const tables = result.databases[0]?.tables.filter(user)
  expect(tables?.map(({ name }) => name).toSorted()).toEqual(['_materialized_hypertable_2', 'device', 'events', 'metrics'])
  expect(tables?.find(({ name }) => name === 'metrics')).toMatchObject({ copiedRows: 1410n, rule: 'copy' })
  const equal = await runVerify(pair)
  expect(equal.result).toMatchObject({ problems: [], outcome: 'done' })
  expect(equal.result.databases[0]?.tables.find(({ name }) => name === 'metrics')?.verify).toMatchObject({
    result: 'equal',
    sourceRows: 1410n,
  })

  await pair.target.query(`delete from ${internal}._hyper_1_2_chunk where device = 3`)
  const different = await runVerify(pair)
  expect(different.result.problems).toMatchObject([{ code: 'tables-different' }])
  expect(different.result.problems[0]?.message).toContain('"public"."metrics"')
  expect(different.result.problems[0]?.message).not.toContain('chunk')
})

test('rules about a hypertable are rules about its chunks, and what is left out is not in its catalog', async () => {
  const pair = await metricsPair()
  const rules = scope(pair, {
    excludeTables: [named('public', 'events')],
    schemaOnlyTables: [named(internal, '_materialized_hypertable_2')],
    timeFilters: [{ table: named('public', 'metrics'), column: 'at', window: { count: 10, unit: 'day' } }],
  })
  expect((await runInit(pair, rules)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await rows(pair.target, `${internal}._hyper_1_2_chunk`)).toBe(0)
  expect(await rows(pair.target, `${internal}._hyper_1_3_chunk`)).toBe(10)
  // The window begins after all of it.
  expect(await rows(pair.target, `${internal}.compress_hyper_3_4_chunk`)).toBe(0)
  expect(await rows(pair.target, `${internal}._hyper_2_5_chunk`)).toBe(0)
  expect(
    await pair.target.query("select to_regclass('events') as hypertable, to_regclass('_timescaledb_internal._hyper_4_6_chunk') as chunk"),
  ).toEqual([{ hypertable: null, chunk: null }])
  const ids = async (sql: string) => (await pair.target.query(sql)).map(({ id }) => Number(id))
  expect(await ids('select id from _timescaledb_catalog.hypertable order by id')).toEqual([1, 2, 3])
  expect(await ids('select id from _timescaledb_catalog.chunk order by id')).toEqual([1, 2, 3, 4, 5])
  expect(await ids('select id from _timescaledb_catalog.dimension_slice order by id')).toEqual([1, 2, 3, 5])
  expect(await ids('select id from _timescaledb_config.bgw_job order by id')).toEqual([3, 1000, 1002])
  expect((await runVerify(pair, rules)).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('naming one hypertable brings its chunks and the catalog, and nothing of the others', async () => {
  const pair = await metricsPair()
  const rules = scope(pair, {
    includeTables: [named('public', 'events')],
    tableFilters: [{ table: named('public', 'events'), predicate: "what like '%7'" }],
  })
  expect((await runInit(pair, rules)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await rows(pair.target, `${internal}._hyper_4_6_chunk`)).toBe(5)
  expect(await pair.target.query('select table_name from _timescaledb_catalog.hypertable')).toEqual([{ table_name: 'events' }])
  expect(await pair.target.query("select from pg_class where relname ~ '_1_|metrics|daily'")).toEqual([])
  expect((await runVerify(pair, rules)).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('a run that was stopped leaves the database restoring and says so; the next one ends it', async () => {
  const pair = await metricsPair()
  const stop = new AbortController()
  const { result } = await runInit(pair, { jobs: 1 }, stop.signal, (event) => {
    if (event.type === 'table-finished' && event.table.name === 'bgw_job') stop.abort(new Error('stop'))
  })
  expect(result.outcome).toBe('interrupted')
  expect(result.warnings.map(({ code }) => code)).toContain('timescaledb-restoring')
  expect(await restoring(pair)).toHaveLength(1)
  // Under other rules its catalog would have to be changed row by row.
  const otherRules = scope(pair, { excludeTables: [named('public', 'events')] })
  await expect(runInit(pair, { ...otherRules, yes: true })).rejects.toThrow('scope-changed')
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await restoring(pair)).toEqual([])
  expect((await calls(pair)).map(({ call }) => call)).toEqual(['pre_restore', 'pre_restore', 'post_restore'])
  expect(await compareTables(pair.source.url, pair.target.url, { except: ownRows })).toEqual([])
})

test('a chunk that was made since the copy began is not forgotten', async () => {
  const pair = await metricsPair()
  const stop = new AbortController()
  await runInit(pair, { jobs: 1 }, stop.signal, (event) => event.type === 'table-finished' && stop.abort(new Error('stop')))
  await pair.source.query(`set timescaledb.restoring = on; create table ${internal}._hyper_4_7_chunk () inherits (events);
    insert into _timescaledb_catalog.chunk values (7, 4, '${internal}', '_hyper_4_7_chunk'); insert into ${internal}._hyper_4_7_chunk values (now(), 'new')`)
  const again = await runInit(pair)
  expect(again.result.problems).toMatchObject([{ code: 'scope-changed' }])
  expect((await runInit(pair, { resume: false })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await compareTables(pair.source.url, pair.target.url, { except: ownRows })).toEqual([])
})

test('what can not be is refused with the reason and the way', async () => {
  const pair = await metricsPair()
  const problems = async (rules: Partial<Config>) => {
    const { result } = await runOn(pair, 'validate', { snapshotOnly: true, ...rules })
    return result.problems.map(({ code, message }) => `${code}: ${message}`)
  }
  expect(await problems({ snapshotOnly: false })).toEqual([
    "hypertable-not-replicated: 3 hypertables of TimescaleDB can't be replicated: public.daily, public.events, public.metrics.",
  ])
  const without = { excludeTables: [named('public', 'events'), named('public', 'metrics'), named('public', 'daily')] }
  expect(await problems({ snapshotOnly: false, ...scope(pair, without) })).toEqual([])
  expect(await problems(scope(pair, { excludeTables: [named('public', 'metrics')] }))).toEqual([
    'dependency-excluded: "public"."metrics" is left out, but the continuous aggregate "public"."daily" is made from it.',
  ])
  expect(await problems(scope(pair, { excludeTables: [named(internal, '_hyper_1_2_chunk')] }))).toEqual([
    'hypertable-part: "_timescaledb_internal"."_hyper_1_2_chunk" is a part of "public"."metrics", and can\'t be chosen by itself.',
  ])
  expect(await problems(scope(pair, { tableFilters: [{ table: named('public', 'metrics'), predicate: 'device = 1' }] }))).toEqual([
    'filter-invalid: The filter of "public"."metrics" may divide chunks that are compressed: _timescaledb_internal._hyper_1_1_chunk.',
  ])
})

test('the extension is made in the source’s version, and another one that is there already is refused', async () => {
  const pair = await metricsPair()
  await pair.source.query(`drop extension timescaledb cascade; create extension timescaledb version '${olderVersion}'`)
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await pair.target.query("select extversion as version from pg_extension where extname = 'timescaledb'")).toEqual([
    { version: olderVersion },
  ])
  await pair.source.query('drop extension timescaledb; create extension timescaledb')
  await query(pair.target.server.url(), `drop database ${pair.target.name}`)
  await query(pair.target.server.url(), `create database ${pair.target.name}`)
  await pair.target.query(`create extension timescaledb version '${olderVersion}'`)
  await expect(runInit(pair)).rejects.toThrow(Rejection)
})

test('where hypertables are left out, the other tables are published, and nothing of TimescaleDB’s own', async () => {
  const pair = await metricsPair()
  const rules = scope(pair, { excludeTables: [named('public', 'events'), named('public', 'metrics'), named('public', 'daily')] })
  expect((await runOn(pair, 'init', rules)).result).toMatchObject({ problems: [], outcome: 'done' })
  const published = await pair.source.query("select tablename from pg_publication_tables where schemaname <> 'seren_replicator'")
  expect(published).toEqual([{ tablename: 'device' }])
  expect((await calls(pair)).map(({ call }) => call)).toEqual(['pre_restore', 'post_restore'])
  expect((await runOn(pair, 'cleanup', rules)).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('without the restoring mode nothing is restored, and one that can not be ended is told', async () => {
  const pair = await metricsPair()
  await query(pair.target.server.url(), `create database ${pair.target.name}`)
  await pair.target.query('create extension timescaledb')
  await pair.target.query('alter function timescaledb_pre_restore() rename to put_aside')
  const refused = await runInit(pair)
  expect(refused.result).toMatchObject({ outcome: 'failed', problems: [{ code: 'timescaledb-restoring' }] })
  expect(await pair.target.query("select to_regclass('metrics') as hypertable")).toEqual([{ hypertable: null }])

  await pair.target.query('alter function put_aside() rename to timescaledb_pre_restore')
  await pair.source.query("update _timescaledb_catalog.metadata set value = '2.0.0' where key = 'timescaledb_version'")
  const left = await runInit(pair)
  expect(left.result).toMatchObject({ outcome: 'done', problems: [] })
  expect(left.result.warnings).toContainEqual(
    expect.objectContaining({ code: 'timescaledb-restoring', sql: 'SELECT "public".timescaledb_post_restore();' }),
  )
})
