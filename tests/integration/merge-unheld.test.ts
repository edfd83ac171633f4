import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectDone, expectEqual, expectRemoved } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { lanesOf, leaveLane } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test('a merge during which somebody ends the session that holds writes loses nothing', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await leaveLane(pair, 5)
  await expectDone(pair, 'init')
  const ended = endHolder(pair)
  await expectDone(pair, 'sync')
  expect(await ended).toBe(true)
  expect(await lanesOf(pair)).toBe(1)
  expect((await writer.stop()).failures).toEqual([])
  await expectEqual(pair)
  await expectRemoved(pair)
})

/** Ends the session as soon as it holds writes; whether there was one. */
async function endHolder({ source }: DatabasePair): Promise<boolean> {
  for (let attempt = 0; attempt < 6000; attempt++) {
    const ended = await source.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep' and query like '%in share mode%'",
    )
    if (ended.length > 0) return true
    await sleep(5)
  }
  return false
}
