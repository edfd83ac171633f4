import { expect, test } from 'vitest'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { databasePair } from '../support/database-pair.ts'
import { engineConfig, runInit, runVerify } from '../support/engine.ts'

test('a table that was made since the plan is not brought without its rows', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t (id int primary key); insert into t values (1)')
  const config = engineConfig(pair, { snapshotOnly: true })
  const observed = await observe(config, () => {}, context.signal)
  const plan = makePlan(config, observed)
  await pair.source.query('create table late (id int primary key); insert into late values (1)')
  const outcomes = await replicateAll({ config, observed, plan, emit: () => {}, signal: context.signal })
  expect(outcomes.get(pair.source.name)?.failures).toMatchObject([
    { code: 'scope-changed', message: expect.stringContaining('public late') },
  ])
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await pair.target.query('select id from late')).toEqual([{ id: '1' }])
  expect((await runVerify(pair)).result.outcome).toBe('done')
})
