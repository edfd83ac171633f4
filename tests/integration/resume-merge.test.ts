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
