import { expect, type TestContext, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { TableReference } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { openSession } from '../../src/pg/session.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { type DatabasePair, databasePair, type TestDatabase } from '../support/database-pair.ts'
import { runInit, runOn, runSync, runVerify } from '../support/engine.ts'
import { holdsOf } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'
import { config } from '../unit/support/config.ts'

const pairs: readonly (readonly [ServerMajor, ServerMajor])[] = [
  [15, 18],
  [12, 15],
  [17, 18],
]

for (const [source, target] of pairs) {
  test(`a target that follows ${source} on ${target} is found equal, and a wrong row is found, while the source is written to`, {
    tags: source === 17 ? [] : ['long'],
  }, async (context) => {
    const pair = await own(context, source, target)
    await loadWriterTables(pair.source)
    await using writer = await startWriter(pair.source)
    await follow(pair)
    await writer.lap()
    const { result, events } = await runVerify(pair)
    const { longestMillis, longest } = await writer.lap()
    expect(result).toMatchObject({ problems: [], outcome: 'done' })
    expect(oddTables(result)).toEqual({})
    expect(Math.max(...holdsOf(events))).toBeLessThanOrEqual(500)
    expect(longestMillis, longest).toBeLessThan(1000)
    await pair.target.query(`insert into customer (id, name) values (-1, 'wrong')`)
    const planted = (await runVerify(pair)).result
    expect(planted.outcome).toBe('different')
    expect(oddTables(planted)).toEqual({ customer: 'different' })
    expect(await writer.stop()).toMatchObject({ failures: [], disconnections: 0 })
  })
}

test('without holds nothing is called different that is only on its way', async (context) => {
  const pair = await own(context, 15, 18)
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await follow(pair)
  const { result, events } = await runVerify(pair, { maxHold: 0 })
  expect(await writer.stop()).toMatchObject({ failures: [], disconnections: 0 })
  expect(holdsOf(events)).toEqual([])
  expect(Object.values(oddTables(result)).filter((one) => one !== 'skipped')).toEqual([])
  expect(result.outcome).toBe(Object.keys(oddTables(result)).length === 0 ? 'done' : 'not-met')
  expect(result.problems.filter(({ code }) => code !== 'table-busy')).toEqual([])
})

test('a target that is behind is not different', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await pair.source.query('create table t (id int primary key); create table other (id int primary key); insert into t values (1)')
  expect((await runInit(pair, { snapshotOnly: false })).result.problems).toEqual([])
  await pair.source.query('insert into t values (2)')
  const prepared = (await runVerify(pair)).result
  expect(prepared).toMatchObject({ outcome: 'not-met', problems: [{ code: 'lag-not-met' }] })
  expect(reasonsOf(prepared)).toEqual({ t: 'its changes wait on the source until `sync` is run' })
  expect((await runSync(pair)).result.problems).toEqual([])
  expect((await runVerify(pair)).result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })

  await using blocker = await openBlocker(pair.target)
  await pair.source.query('insert into t values (3)')
  const { result } = await runVerify(pair, { wait: 1 })
  expect(result).toMatchObject({ outcome: 'not-met', problems: [{ code: 'lag-not-met' }] })
  expect(reasonsOf(result)['t']).toMatch(/^the target is behind by [1-9][0-9,]* bytes of the source's log$/)
  await blocker.release()
  expect((await runVerify(pair)).result).toMatchObject({ outcome: 'done', problems: [] })
  await remove(pair)
})

test('what replication does not carry is a warning, and no difference', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await pair.source.query(`create table keyed (id serial primary key, v text); create table keyless (v int); create unlogged table passing (id int primary key);
    create table filtered (id int primary key, v text); create materialized view seen as select count(*) from keyed;
    insert into keyed (v) values ('a'); insert into keyless values (1), (2); insert into passing values (1); insert into filtered values (1, 'a'), (50, 'b'); select lo_create(7)`)
  const scope = {
    ...config().scope,
    includeDatabases: [{ text: pair.source.name, quoted: true }],
    tableFilters: [{ table: reference('filtered'), predicate: 'id < 10' }],
  }
  const overrides = { scope, replicaIdentity: 'insert-only' } as const
  expect((await runInit(pair, { snapshotOnly: false, ...overrides })).result.problems).toEqual([])
  expect((await runSync(pair, overrides)).result.problems).toEqual([])
  expect((await runVerify(pair, overrides)).result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })

  await pair.source.query(`insert into keyed (v) values ('b'); update keyless set v = 3 where v = 1; insert into passing values (2); select lo_create(8);
    update filtered set id = 60 where id = 1; insert into filtered values (2, 'c'); refresh materialized view seen`)
  const { result } = await runVerify(pair, overrides)
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect(reasonsOf(result)).toMatchObject({
    keyless: 'only its inserts are replicated, by design',
    passing: 'its changes are not replicated',
  })
  expect(result.databases[0]?.schemaDifferences).toEqual([])
  expect(result.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'not-replicated: The source has moved on in 1 sequence: public.keyed_id_seq.',
    "not-replicated: Large objects changed since they were copied: they aren't replicated.",
    'insert-only: Of 1 table ("public"."keyless") only inserts are replicated, and the target differs by design.',
    'table-not-replicated: Copied once and not replicated, so the target differs: 1 table ("public"."passing").',
  ])
  await pair.target.query(`insert into filtered values (70, 'out of the filter')`)
  expect(oddTables((await runVerify(pair, overrides)).result)).toMatchObject({ filtered: 'different' })
  await remove(pair)
})

test('without a marker a target is compared as well', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await pair.source.query('create table t (id int); insert into t values (1)')
  const overrides = { heartbeat: false, replicaIdentity: 'full' } as const
  expect((await runInit(pair, { snapshotOnly: false, ...overrides })).result.problems).toEqual([])
  expect((await runSync(pair, overrides)).result.problems).toEqual([])
  await pair.source.query('insert into t values (2)')
  expect((await runVerify(pair, overrides)).result).toMatchObject({ outcome: 'done', problems: [], databases: [{ schemaDifferences: [] }] })
  await pair.target.query('insert into t values (3)')
  expect(Object.values(oddTables((await runVerify(pair, overrides)).result))).toEqual(['different'])
  await remove(pair)
})

function own(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<DatabasePair> {
  return databasePair(context, { source, target, own: true, mayLeave: ['slot', 'publication', 'subscription'] })
}

async function follow(pair: DatabasePair): Promise<void> {
  expect((await runInit(pair, { snapshotOnly: false })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
}

async function remove(pair: DatabasePair): Promise<void> {
  expect((await runOn(pair, 'cleanup')).result).toMatchObject({ problems: [], outcome: 'done' })
}

/** Results of the tables that aren't equal, those left out that have no rows of their own. */
function oddTables({ databases: [database] }: CommandResult): Record<string, string | undefined> {
  const odd = database?.tables.filter(({ verify, rule }) => verify?.result !== 'equal' && rule !== 'empty') ?? []
  return Object.fromEntries(odd.map(({ name, verify, failure }) => [name, failure?.code ?? verify?.result]))
}

function reasonsOf({ databases: [database] }: CommandResult): Record<string, string | undefined> {
  const skipped = database?.tables.filter(({ verify, rule }) => verify?.result === 'skipped' && rule !== 'empty') ?? []
  return Object.fromEntries(skipped.map(({ name, verify }) => [name, verify?.reason]))
}

function reference(name: string): TableReference {
  return { text: name, parts: [{ text: name, quoted: true }] }
}

/** Lets the target's worker wait, and nobody who reads. */
async function openBlocker({ url }: TestDatabase): Promise<AsyncDisposable & { release(): Promise<void> }> {
  const session = await openSession(parseConnectionUrl(url, { user: 'postgres' }))
  await session.run('begin; lock table public.t in exclusive mode')
  return { release: () => session.run('rollback'), [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() }
}
