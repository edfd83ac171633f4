import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { lanesOf, leaveLane } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

/** What a run leaves that is killed right after the other lane took over: writes go on, and nobody saw whether they were still held. */
const takenOver = [
  'alter subscription seren_replication_sub_2 disable',
  'alter subscription seren_replication_sub refresh publication with (copy_data = false)',
]

for (const [moment, statements] of [
  ['before', takenOver.slice(0, 1)],
  ['after', takenOver],
] as const) {
  test(`a merge that was killed ${moment} the other lane took over loses nothing`, async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18 })
    await loadWriterTables(pair.source)
    await leaveLane(pair, 5)
    await expectDone(pair, 'init')
    await expectDone(pair, 'sync', { maxHold: 0 })
    expect(await lanesOf(pair)).toBe(2)
    const published = await pair.source.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_publication_tables
        where pubname = 'seren_replication_pub_2' and schemaname <> 'seren_replicator'`,
    )
    expect(published.length).toBeGreaterThan(0)
    await using writer = await startWriter(pair.source)
    await pair.source.query(`alter publication seren_replication_pub add table ${published.map(({ name }) => `only ${name}`).join(', ')}`)
    for (const sql of statements) await pair.target.query(sql)
    await sleep(1000)
    await expectDone(pair, 'sync')
    await expectUndisturbed(writer)
    expect(await lanesOf(pair)).toBe(1)
    await expectEqual(pair)
    await expectRemoved(pair)
  })
}

test('a lane that was set going again after another took over its tables has them copied anew', { tags: ['long'] }, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`
    create table a as select n as id, repeat('x', 200) as text from generate_series(1, 2000) n;
    create table b as select n as id, repeat('x', 200) as text from generate_series(1, 1000) n`)
  const full = { replicaIdentity: 'full' } as const
  await leaveLane(pair, 1, full)
  await expectDone(pair, 'init', full)
  await expectDone(pair, 'sync', { ...full, maxHold: 0 })
  await pair.source.query('alter publication seren_replication_pub add table only b')
  await pair.target.query('alter subscription seren_replication_sub refresh publication with (copy_data = false)')
  await pair.source.query("insert into b values (0, 'twice')")
  await expectDone(pair, 'sync', full)
  expect(await lanesOf(pair)).toBe(1)
  expect(await pair.target.query('select count(*) from b')).toEqual([{ count: '1001' }])
  await expectRemoved(pair)
})
