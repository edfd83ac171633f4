import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig, runInit, runVerify } from '../support/engine.ts'
import { leaveLane } from '../support/lanes.ts'
import { selecting } from '../support/selecting.ts'

test('a table that was made since the plan is not brought without its rows', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  await expectRefused(pair, {}, context.signal)
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await pair.target.query('select id from late')).toEqual([{ id: '1' }])
  expect((await runVerify(pair)).result.outcome).toBe('done')
})

test('nor is it with what a changed scope adds to an unfinished copy', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t (id int primary key); create table other (id int primary key); insert into t values (1)')
  await leaveLane(pair, 1, { snapshotOnly: true, scope: selecting(pair, { exclude: ['other'] }) })
  await expectRefused(pair, { yes: true }, context.signal)
  expect((await runInit(pair, { yes: true })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await pair.target.query('select id from late')).toEqual([{ id: '1' }])
  expect((await runVerify(pair)).result.outcome).toBe('done')
})

async function expectRefused(pair: DatabasePair, overrides: Partial<Config>, signal: AbortSignal): Promise<void> {
  const config = engineConfig(pair, { snapshotOnly: true, ...overrides })
  const observed = await observe(config, () => {}, signal)
  const plan = makePlan(config, observed)
  expect(plan.problems).toEqual([])
  await pair.source.query('create table late (id int primary key); insert into late values (1)')
  const outcomes = await replicateAll({ config, observed, plan, emit: () => {}, signal })
  expect(outcomes.get(pair.source.name)?.failures).toMatchObject([
    { code: 'scope-changed', message: expect.stringContaining('public late') },
  ])
}
