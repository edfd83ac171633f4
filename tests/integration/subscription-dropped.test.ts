import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { expectFollowed, startLoop } from '../support/followed.ts'
import { leaveLane } from '../support/lanes.ts'

const tables = `
  create table keyed (id int primary key, value text);
  create table log (value text);
  alter table log replica identity full;
  insert into keyed select n, 'of ' || n from generate_series(1, 100) n;
  insert into log select 'line ' || n from generate_series(1, 100) n`

const changes = [
  "insert into keyed values (1000 + $1, 'new'); insert into log values ('new $1')",
  "update keyed set value = 'changed $1' where id = 1 + $1 % 100",
]

/** What the documentation shows for a source that can't be reached. The slot stays, and with it what hadn't been confirmed. */
async function dropByHand({ target }: DatabasePair): Promise<void> {
  await target.query(
    'alter subscription seren_replication_sub disable; alter subscription seren_replication_sub set (slot_name = none); drop subscription seren_replication_sub',
  )
}

for (const [source, target] of [[12, 17] as const, [15, 18] as const]) {
  test(`nothing is applied twice when sync makes a dropped subscription again, from ${source} to ${target}`, {
    tags: source === 12 ? ['long'] : [],
  }, async (context) => {
    const pair = await databasePair(context, { source, target })
    await pair.source.query(tables)
    await expectDone(pair, 'init')
    await expectDone(pair, 'sync')
    const loop = await startLoop(pair.source, ...changes)
    await expect.poll(() => pair.target.query('select from keyed where id > 1050'), { timeout: 20_000, interval: 10 }).not.toEqual([])
    await dropByHand(pair)
    const { result } = await expectDone(pair, 'sync')
    expect(result.warnings.filter(({ code }) => code === 'table-not-replicated')).toMatchObject([
      { message: expect.stringContaining('seren_replication_sub had been dropped') },
      { message: expect.stringContaining('public.keyed, public.log: copied anew') },
    ])
    await loop.stop()
    await expectFollowed(pair)
    // It's as before: nothing is copied again.
    expect((await expectDone(pair, 'sync')).result.warnings.filter(({ code }) => code === 'table-not-replicated')).toEqual([])
    await expectRemoved(pair)
  })
}

test('nor when init goes on with a lane that had been followed', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`${tables}; create table last (id int primary key)`)
  await leaveLane(pair, 1, { jobs: 1 })
  // The next run subscribes it, and opens another lane.
  await leaveLane(pair, 1, { jobs: 1 })
  const loop = await startLoop(pair.source, ...changes)
  await sleep(500)
  await dropByHand(pair)
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await loop.stop()
  await expectFollowed(pair)
  await expectRemoved(pair)
})
