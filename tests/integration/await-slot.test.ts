import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { sessionOn } from '../support/session.ts'

test('a run that is stopped while the slot waits for a transaction leaves none behind once that is over', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true })
  await pair.source.query('create table t (id int primary key)')
  await using writing = await sessionOn(pair.source.url)
  await writing.run('begin; insert into public.t values (1)')
  const slots = () => pair.source.query('select slot_name from pg_replication_slots where database = current_database()')
  const stop = new AbortController()
  const running = runOn(pair, 'init', {}, stop.signal)
  await expect.poll(slots, { timeout: 20_000 }).toHaveLength(1)
  stop.abort(new Error('stopped by the test'))
  expect((await running).result.outcome).toBe('interrupted')
  await writing.run('commit')
  await sleep(2000)
  expect(await slots()).toEqual([])
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await expectRemoved(pair)
})
