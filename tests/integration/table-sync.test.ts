import { expect, test } from 'vitest'
import type { DatabaseOutcome } from '../../src/engine/database-run.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import type { Event } from '../../src/events.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { Observed } from '../../src/plan/observed.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test("tables that are too big for the time budget are left to the target's own synchronisation, and end up equal", async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const run = leavingTableSync(pair)
  expect(await run()).toMatchObject({ interrupted: false, failures: [] })
  await expectDone(pair, 'sync')
  await expectUndisturbed(writer)
  await expectEqual(pair)
  expect(
    await pair.target.query('select from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())'),
  ).toHaveLength(1)
  await expectRemoved(pair)
})

test('a run that goes on after it left tables to table synchronisation keeps their lane', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const run = leavingTableSync(pair)
  const stop = new AbortController()
  const watch = (event: Event) => void (event.type === 'phase-started' && event.phase === 'sequences' && stop.abort(new Error('stop')))
  expect(await run(stop.signal, watch)).toMatchObject({ interrupted: true })
  expect(await run()).toMatchObject({ interrupted: false, failures: [] })
  await expectDone(pair, 'sync')
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
})

test('rows that an earlier run copied of a table are gone before its synchronisation begins', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`
    create table big as select n as id from generate_series(1, 1000) n;
    alter table big replica identity full;
    create table small (id int primary key);
    insert into small values (1)`)
  const run = leavingTableSync(pair, 'big')
  const stop = new AbortController()
  expect(await run(stop.signal, (event) => void (event.type === 'table-finished' && stop.abort(new Error('stop'))))).toMatchObject({
    interrupted: true,
  })
  // A part of it, as a run without the time budget leaves it.
  await pair.target.query(`
    insert into big select generate_series(1, 500);
    insert into seren_replicator.copied select 'public', 'big', 1, 2, lane, 500, 0, 0 from seren_replicator.lane`)
  expect(await run()).toMatchObject({ interrupted: false, failures: [] })
  await expectDone(pair, 'sync')
  expect(await pair.target.query('select count(*) from big')).toEqual([{ count: '1000' }])
  await expectRemoved(pair)
})

type Run = (signal?: AbortSignal, emit?: (event: Event) => void) => Promise<DatabaseOutcome | undefined>

/** Runs `init` by a plan that leaves a table, or the first three that are followed, to table synchronisation: the same plan each time. */
function leavingTableSync(pair: DatabasePair, name?: string): Run {
  const config = engineConfig(pair, { jobs: 1 })
  let decided: Promise<{ observed: Observed; plan: Plan }> | undefined
  const decide = async () => {
    const observed = await observe(config, () => {}, new AbortController().signal)
    const plan = makePlan(config, observed)
    expect(plan.problems).toEqual([])
    const followed = plan.databases[0]?.tables.filter((table) => table.publish !== null && table.name === (name ?? table.name)) ?? []
    const big = new Set(followed.slice(0, 3))
    const databases = plan.databases.map((one) => ({
      ...one,
      tables: one.tables.map((table) => ({ ...table, tableSync: big.has(table) })),
    }))
    return { observed, plan: { ...plan, databases } }
  }
  return async (signal = new AbortController().signal, emit = () => {}) => {
    decided ??= decide()
    const outcomes = await replicateAll({ config, ...(await decided), emit, signal })
    return outcomes.get(pair.source.name)
  }
}
