import { expect, test } from 'vitest'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { lanesOf, leaveLane } from '../support/lanes.ts'

test('where lanes are never merged, a TRUNCATE of parent and child in two of them arrives', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`
    create table parent as select n as id, repeat('x', 200) as text from generate_series(1, 2000) n;
    alter table parent add primary key (id);
    create table child as select n as id, n as parent_id, n as other_id from generate_series(1, 1000) n;
    alter table child add primary key (id), add foreign key (parent_id) references parent, add foreign key (other_id) references child`)
  await leaveLane(pair, 1)
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync', { maxHold: 0 })
  expect(await lanesOf(pair)).toBe(2)
  await pair.source.query("truncate parent, child; insert into parent values (1, 'new'); insert into child values (1, 1, 1)")
  for (const table of ['parent', 'child'])
    await expect.poll(() => pair.target.query(`select id from ${table}`), { timeout: 15_000 }).toEqual([{ id: '1' }])
  const keys = () =>
    pair.target.query("select conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 1")
  expect(await keys()).toEqual([{ name: 'child_other_id_fkey' }])
  await expectDone(pair, 'sync')
  expect(await keys()).toEqual([{ name: 'child_other_id_fkey' }, { name: 'child_parent_id_fkey' }])
  await expectRemoved(pair)
})
