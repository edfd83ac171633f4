import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { openSession, runMark } from '../../src/pg/session.ts'
import { databasePair } from '../support/database-pair.ts'
import { runInit } from '../support/engine.ts'
import { startProxy } from '../support/proxy.ts'
import { sessionOn } from '../support/session.ts'

/** What src/plan/rules/connections.ts asks for besides one per job. */
const besides = 4

test('takes no more connections than validate asked for', async (context) => {
  // Servers of their own: sessions of other tests' runs would be counted too.
  const pair = await databasePair(context, { own: true })
  await pair.source.query(`create table referred as select n as id from generate_series(1, 20000) n;
    alter table referred add primary key (id);
    create table referring as select n as id from generate_series(1, 20000) n;
    alter table referring add foreign key (id) references referred;
    create materialized view counted as select count(*) from referring;
    ${Array.from({ length: 12 }, (_, n) => `create table t${n} as select repeat(md5(n::text), 8) as text from generate_series(1, 20000) n;`).join('\n')}
    analyze`)
  const jobs = 6
  const counts: Promise<void>[] = []
  const most = { source: 0, target: 0 }
  const count = async (side: 'source' | 'target') => {
    const [row] = await pair[side].query("select count(*) from pg_stat_activity where application_name ~ '^postgres-seren-replicator '")
    most[side] = Math.max(most[side], Number(row?.['count']))
  }
  const { result } = await runInit(pair, { jobs }, undefined, () => {
    for (const side of ['source', 'target'] as const) counts.push(count(side))
  })
  await Promise.all(counts)
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(most.source).toBeLessThanOrEqual(jobs + besides)
  expect(most.target).toBeLessThanOrEqual(jobs + besides)
  expect(most.target).toBeGreaterThan(jobs)
})

test('the application name of the URL is kept, with the mark of the run', async (context) => {
  const pair = await databasePair(context)
  const shown = async (name: string) => {
    await using session = await sessionOn(`${pair.target.url}?application_name=${encodeURIComponent(name)}`)
    return await session.one(z.object({ application_name: z.string() }), 'show application_name')
  }
  expect(await shown('nightly')).toEqual({ application_name: `nightly ${runMark}` })
  expect(await shown('é'.repeat(80))).toEqual({ application_name: `${'?'.repeat(54)} ${runMark}` })
})

test('a host that is not what target_session_attrs asks for is passed over', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`alter database "${pair.source.name}" set default_transaction_read_only = on`)
  const accepts = async (attribute: string) => {
    const opening = sessionOn(`${pair.source.url}?target_session_attrs=${attribute}`)
    return opening.then(
      async (session) => session[Symbol.asyncDispose]().then(() => true),
      (error) => (error.message.includes(`not ${attribute}, as target_session_attrs asks`) ? false : error),
    )
  }
  for (const attribute of ['any', 'read-only', 'primary', 'prefer-standby'])
    expect([attribute, await accepts(attribute)]).toEqual([attribute, true])
  for (const attribute of ['read-write', 'standby']) expect([attribute, await accepts(attribute)]).toEqual([attribute, false])
})

test('an abort does not wait for a host that gives no answer', async (context) => {
  const pair = await databasePair(context)
  await using proxy = await startProxy(pair.target.server)
  proxy.stall()
  const stop = new AbortController()
  const opening = openSession(parseConnectionUrl(proxy.url(pair.target.url), { user: 'postgres' }), { signal: stop.signal })
  await expect.poll(() => proxy.connections).toBe(1)
  const stopped = performance.now()
  stop.abort(new Error('stopped'))
  await expect(opening).rejects.toThrow('stopped')
  expect(performance.now() - stopped).toBeLessThan(1000)
  proxy.resume()
  await expect.poll(() => proxy.connections).toBe(0)
})

test('the server gives up a connection that broke without a word', async (context) => {
  const pair = await databasePair(context)
  await using session = await sessionOn(pair.target.url)
  const { seconds } = await session.one(
    z.object({ seconds: z.number() }),
    `select (current_setting('tcp_keepalives_idle')::int
             + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int) as seconds`,
  )
  expect(seconds).toBe(60)
})
