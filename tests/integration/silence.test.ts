import { expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { openSession } from '../../src/pg/session.ts'
import { databasePair } from '../support/database-pair.ts'
import { startProxy } from '../support/proxy.ts'

const patience = 300
const settings = (url: string) => parseConnectionUrl(url, { user: 'postgres' })

test('a connection on which nothing passes any more is given up', async (context) => {
  const pair = await databasePair(context)
  await using proxy = await startProxy(pair.target.server)
  // A proxy that answers for a server that is gone: TCP finds nothing wrong.
  const url = `${proxy.url(pair.target.url)}?connect_timeout=2`
  await using session = await openSession(settings(url), { patience })
  const running = session.run('select pg_catalog.pg_sleep(2)')
  proxy.stall()
  await expect(running).rejects.toMatchObject({ code: 'connection-lost' })
  expect(session.alive).toBe(false)
  proxy.resume()
})

test('a connection whose server process is gone is given up', async (context) => {
  const pair = await databasePair(context)
  await using proxy = await startProxy(pair.target.server)
  await using session = await openSession(settings(proxy.url(pair.target.url)), { patience })
  const lost = session.run('select pg_catalog.pg_sleep(30)')
  lost.catch(() => undefined)
  const sleeping = "from pg_stat_activity where query like '%pg_sleep(30)' and pid <> pg_backend_pid()"
  await expect.poll(() => pair.target.query(`select ${sleeping}`)).toHaveLength(1)
  proxy.stall()
  await pair.target.query(`select pg_terminate_backend(pid) ${sleeping}`)
  proxy.letIn()
  await expect(lost).rejects.toMatchObject({ code: 'connection-lost' })
  proxy.resume()
})

test('a statement that takes its time is left alone', async (context) => {
  const pair = await databasePair(context)
  await using session = await openSession(settings(pair.target.url), { patience })
  await session.run('select pg_catalog.pg_sleep(3)')
  await session.run('select 1')
})
