import { expect, test } from 'vitest'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { engineConfig } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test("tables that are too big for the time budget are left to the target's own synchronisation, and end up equal", async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const config = engineConfig(pair)
  const signal = new AbortController().signal
  const observed = await observe(config, () => {}, signal)
  const plan = makePlan(config, observed)
  expect(plan.problems).toEqual([])
  const big = new Set(plan.databases[0]?.tables.filter(({ publish }) => publish !== null).slice(0, 3))
  const databases = plan.databases.map((one) => ({ ...one, tables: one.tables.map((table) => ({ ...table, tableSync: big.has(table) })) }))
  const outcomes = await replicateAll({ config, observed, plan: { ...plan, databases }, emit: () => {}, signal })
  expect(outcomes.get(pair.source.name)).toMatchObject({ interrupted: false, failures: [] })
  await expectDone(pair, 'sync')
  await expectUndisturbed(writer)
  await expectEqual(pair)
  expect(
    await pair.target.query('select from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())'),
  ).toHaveLength(1)
  await expectRemoved(pair)
})
