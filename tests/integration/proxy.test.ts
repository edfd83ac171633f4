import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startProxy } from '../support/proxy.ts'
import { connect } from '../support/query.ts'
import { sharedServer } from '../support/servers.ts'

test('a proxy passes what comes, stalls it, and lets it go on', async () => {
  const server = await sharedServer('source', 15)
  await using proxy = await startProxy(server)
  await using session = await connect(proxy.url(server.url()))
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: '1' }])
  proxy.stall()
  const answer = session.query('SELECT 2 AS two')
  expect(await Promise.race([answer, sleep(300, 'nothing')])).toBe('nothing')
  proxy.resume()
  expect(await answer).toEqual([{ two: '2' }])
  expect(proxy.received).toBeGreaterThan(0)
})

test('a proxy resets connections, and refuses new ones while told to', async () => {
  const server = await sharedServer('source', 15)
  await using proxy = await startProxy(server)
  const session = await connect(proxy.url(server.url()))
  const answer = session.query('SELECT pg_sleep(60)')
  const failed = expect(answer).rejects.toThrow(/ECONNRESET|terminated/)
  await sleep(100)
  proxy.reset()
  await failed
  await expect.poll(() => proxy.connections).toBe(0)
  proxy.refuse()
  await expect(connect(proxy.url(server.url()))).rejects.toThrow()
  proxy.refuse(false)
  await using again = await connect(proxy.url(server.url()))
  expect(await again.query('SELECT 3 AS three')).toEqual([{ three: '3' }])
})
