import { expect, test } from 'vitest'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import { ReplicatorError } from '../../src/errors.ts'
import type { Event } from '../../src/events.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test('a run that ends without a finished table leaves nothing on the source', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(
    "create table t as select n as id, repeat('x', 100) as text from generate_series(1, 200000) n; alter table t add primary key (id)",
  )
  await stopped(pair, new Error('stop'), (event) => event.type === 'table-started')
  expect(await ours(pair)).toEqual({ slots: [], publications: [], subscriptions: [] })
  expect(await pair.target.query('select from seren_replicator.lane')).toEqual([])
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  expect(await pair.target.query('select count(*) from t')).toEqual([{ count: '200000' }])
  await expectRemoved(pair)
})

test('a lane that the time budget ends is subscribed at once: its slot must not keep the log until the next run', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  let tables = 0
  const budget = new ReplicatorError('time-budget', 'the time budget is over')
  await stopped(pair, budget, (event) => event.type === 'table-finished' && ++tables === 6)
  expect(await ours(pair)).toMatchObject({ subscriptions: ['seren_replication_sub'] })
  const finished = await pair.target.query('select schema_name, table_name from seren_replicator.copied')
  const published = await pair.source.query("select from pg_publication_tables where schemaname <> 'seren_replicator'")
  expect(published).toHaveLength(finished.length)
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
})

test('a replicated database is dropped and made anew only with what it had on the source', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await expectDone(pair, 'init', { dropExisting: true })
  expect(await ours(pair)).toMatchObject({ slots: [expect.any(String)], publications: ['seren_replication_pub'], subscriptions: [] })
  await expectDone(pair, 'sync')
  await pair.source.query('insert into t values (2)')
  await expect.poll(() => pair.target.query('select id from t order by id'), { timeout: 20_000 }).toEqual([{ id: '1' }, { id: '2' }])
  await expectRemoved(pair)
})

/** Runs `init` until the moment comes, and ends it then for that reason. */
async function stopped(pair: DatabasePair, reason: Error, moment: (event: Event) => boolean): Promise<void> {
  const stop = new AbortController()
  const watch = (event: Event) => void (moment(event) && stop.abort(reason))
  const config = engineConfig(pair, { jobs: 1, timeBudget: 600 })
  const observed = await observe(config, watch, stop.signal)
  const plan = makePlan(config, observed)
  expect(plan.problems).toEqual([])
  const outcomes = await replicateAll({ config, observed, plan, emit: watch, signal: stop.signal })
  expect(outcomes.get(pair.source.name)).toMatchObject({ interrupted: true })
}

async function ours({ source, target }: DatabasePair) {
  const slots = await source.query('select slot_name as name from pg_replication_slots where database = current_database()')
  const publications = await source.query('select pubname as name from pg_publication')
  const subscriptions = await target.query(
    'select subname as name from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())',
  )
  const names = (rows: readonly Record<string, unknown>[]) => rows.map(({ name }) => name)
  return { slots: names(slots), publications: names(publications), subscriptions: names(subscriptions) }
}
