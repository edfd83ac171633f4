import { expect, test } from 'vitest'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { runSync } from '../support/engine.ts'
import { lanesOf, leaveLane } from '../support/lanes.ts'
import { sessionOn } from '../support/session.ts'

test('a lane whose merge was put off is not taken in with the next one: no row arrives twice', { tags: ['long'] }, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true })
  await pair.source.query(`
    create table a as select n as id, repeat('x', 200) as text from generate_series(1, 3000) n;
    create table b as select n as id, repeat('x', 200) as text from generate_series(1, 2000) n;
    create table c as select n as id, repeat('x', 200) as text from generate_series(1, 1000) n;
    alter table a add primary key (id)`)
  const full = { replicaIdentity: 'full' } as const
  await leaveLane(pair, 1, full)
  await leaveLane(pair, 1, full)
  await expectDone(pair, 'init', full)
  expect(await lanesOf(pair)).toBe(3)
  await using writing = await sessionOn(pair.source.url)
  // Published into the first lane by a merge that got no further: the application is at the table.
  await pair.source.query('alter publication seren_replication_pub add table only b')
  await writing.run("begin; insert into public.b values (0, 'new')")
  const { result } = await runSync(pair, full)
  expect(result.warnings.map(({ code }) => code)).toContain('merge-postponed')
  expect(await lanesOf(pair)).toBe(2)
  await writing.run('commit')
  for (const table of ['a', 'b', 'c']) await pair.source.query(`insert into ${table} values (-1, 'new')`)
  await expectDone(pair, 'sync', full)
  expect(await lanesOf(pair)).toBe(1)
  for (const [table, count] of [
    ['a', '3001'],
    ['b', '2002'],
    ['c', '1001'],
  ] as const)
    await expect.poll(() => pair.target.query(`select count(*) from ${table}`), { timeout: 10_000 }).toEqual([{ count }])
  await expectRemoved(pair)
})
