import { expect, test } from 'vitest'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { runInit, runOn, runSync } from '../support/engine.ts'

test('sync waits for its thresholds, mends what was disabled or parted from its slot, and is done again at once', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  await expectDone(pair, 'init')
  const { result } = await expectDone(pair, 'sync', { maxLagSeconds: 2, maxLagBytes: 1_000_000n, wait: 30 })
  expect(result.databases[0]?.replication).toMatchObject({ lag: { atMost: expect.any(Number) } })
  await pair.target.query('alter subscription seren_replication_sub disable')
  await pair.source.query('insert into t values (2)')
  await expectDone(pair, 'sync')
  expect(await pair.target.query('select id from t order by id')).toEqual([{ id: '1' }, { id: '2' }])
  await pair.target.query(
    'alter subscription seren_replication_sub disable; alter subscription seren_replication_sub set (slot_name = none)',
  )
  await pair.source.query('insert into t values (3)')
  await expectDone(pair, 'sync')
  expect(await pair.target.query('select id from t where id = 3')).toEqual([{ id: '3' }])
  await expectDone(pair, 'sync')
  await expectRemoved(pair)
})

test('thresholds that do not hold in time are not met', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  const { result } = await runOn(pair, 'sync', { maxLagSeconds: 0, wait: 2 })
  expect(result).toMatchObject({ outcome: 'not-met', problems: [{ code: 'lag-not-met' }] })
  await expectRemoved(pair)
})

test('sync says what it lacks: a copy that was made once only, or none', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key)')
  await expect(runSync(pair)).resolves.toMatchObject({ result: { outcome: 'failed', problems: [{ code: 'not-prepared' }] } })
  expect(await pair.target.query("select from pg_namespace where nspname = 'seren_replicator'")).toEqual([])
  await runInit(pair)
  await expect(runSync(pair)).resolves.toMatchObject({ result: { outcome: 'failed', problems: [{ code: 'not-prepared' }] } })
  await expectRemoved(pair)
})

test('a slot that somebody dropped is told of: nothing knows what changed since', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key)')
  await expectDone(pair, 'init')
  await pair.source.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()')
  await expect(runSync(pair)).resolves.toMatchObject({ result: { outcome: 'failed', problems: [{ code: 'slot-lost' }] } })
  await expectRemoved(pair)
})

test('a table that is new on the source is told of, and brought in when asked for', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await pair.source.query('create table u (id int primary key, t int references t); insert into u values (1, 1)')
  const { result } = await expectDone(pair, 'sync')
  expect(result.warnings).toMatchObject(expect.arrayContaining([expect.objectContaining({ code: 'table-not-replicated' })]))
  await expectDone(pair, 'sync', { addTables: true })
  await pair.source.query('insert into u values (2, 1)')
  await expect.poll(() => pair.target.query('select id from u order by id'), { timeout: 20_000 }).toEqual([{ id: '1' }, { id: '2' }])
  expect(await pair.target.query("select convalidated from pg_constraint where conname = 'u_t_fkey'")).toEqual([{ convalidated: 't' }])
  expect((await runOn(pair, 'verify')).result).toMatchObject({ problems: [], outcome: 'done' })
  await expectRemoved(pair)
})
