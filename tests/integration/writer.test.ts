import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { EmbeddedServer } from '../../src/commands/demo/embedded-server.ts'
import { databasePair } from '../support/database-pair.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test('the writer changes every table at its rate, without an error of its own', async (context) => {
  const { source } = await databasePair(context, { source: 12 })
  await loadWriterTables(source, { keyless: 'changes' })
  await source.query('select pg_stat_reset()')
  await using writer = await startWriter(source, { keyless: 'changes' })
  await sleep(4000)
  const counts = await writer.stop()
  expect(counts).toMatchObject({ failures: [], disconnections: 0 })
  expect(counts.perSecond).toBeGreaterThan(500)
  // A moment passes before sessions that ended have told what they did.
  const unchanged = `select relname from pg_stat_user_tables where n_tup_ins = 0 and relname <> 'account'
    or n_tup_upd = 0 and relname not in ('queue', 'queue_item', 'scratch') or n_tup_del = 0 and relname not in ('account', 'scratch')`
  await expect.poll(() => source.query(unchanged), { timeout: 5000 }).toEqual([])
})

test('the writer tells of what a publication breaks', async (context) => {
  const { source } = await databasePair(context)
  await loadWriterTables(source, { keyless: 'changes' })
  await using writer = await startWriter(source, { keyless: 'changes' })
  await source.query('create publication breaking for table keyless, reading where (active)')
  await sleep(1000)
  await source.query('drop publication breaking')
  const { failures } = await writer.lap()
  expect(failures).toContainEqual(
    expect.stringMatching(/^55000 cannot (update|delete from) table "keyless" because it does not have a replica id/),
  )
  expect(failures).toContainEqual(expect.stringMatching(/^42P10 cannot (update|delete from) table "reading"/))
  await writer.lap()
  await sleep(300)
  expect(await writer.lap()).toMatchObject({ failures: [] })
})

test('the writer tells how long it was held up', async (context) => {
  const { source } = await databasePair(context)
  await loadWriterTables(source)
  await using writer = await startWriter(source)
  await source.query('begin; lock table account in share mode; select pg_sleep(0.8); commit')
  const counts = await writer.lap()
  expect(counts.longestMillis).toBeGreaterThan(600)
  expect(counts.longest).toContain('account')
})

test('the writer goes on when its server was restarted, and takes that for no failure', async (context) => {
  const { source } = await databasePair(context, { own: true })
  await loadWriterTables(source)
  await using writer = await startWriter(source)
  const server = source.server as EmbeddedServer
  for (const mode of ['fast', 'immediate'] as const) {
    await sleep(300)
    await server.stop(mode)
    await server.start()
    await writer.lap()
    await expect.poll(async () => (await writer.lap()).transactions, { timeout: 5000 }).toBeGreaterThan(10)
  }
  expect(await writer.stop()).toMatchObject({ failures: [], disconnections: 8 })
})
