import { expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { allReady, codes, disableSubscription, mayLeave, replicated, runStatus } from '../support/replicated.ts'

for (const [target, format] of [[12, 'stderr'] as const, [12, 'csvlog'] as const, [18, 'stderr'] as const, [18, 'jsonlog'] as const]) {
  const tags = format === 'stderr' && target === 12 ? ['long'] : []
  test(`an apply error on ${target}, with PostgreSQL’s words from a log of format ${format}`, { tags }, async (context) => {
    const settings = { logging_collector: true, log_destination: format, wal_retrieve_retry_interval: '500ms' }
    await expectApplyErrorTold(await replicated(context, { target, own: { settings } }))
  })
}

async function expectApplyErrorTold(pair: DatabasePair): Promise<void> {
  await pair.target.query("insert into t values (1, 'somebody else’s')")
  await pair.source.query("insert into t values (1, 'private')")
  const broken = async () => {
    const { problems } = await runStatus(pair)
    return problems.map(({ code, message }) => `${code}: ${message}`)
  }
  const words = /^apply-failed: .*(duplicate key value violates unique constraint|conflict detected on relation)/
  await expect.poll(broken, { timeout: 30_000 }).toEqual([expect.stringMatching(words)])
  expect((await broken()).join()).not.toContain('private')
  await disableSubscription(pair)
  const disabled = /^apply-failed: .*is disabled. The last error of its workers was: (duplicate key|conflict detected)/
  expect(await broken()).toEqual([expect.stringMatching(disabled)])
}

test('a role that may only look learns what it may', async (context) => {
  const pair = await replicated(context, { own: true })
  for (const { query } of [pair.source, pair.target]) await query("create role watcher login password 'secret'")
  const as = (server: typeof pair.source.server) => parseConnectionUrl(server.url(pair.source.name, watcher), { user: 'postgres' })
  const result = await runStatus(pair, { source: as(pair.source.server), target: as(pair.target.server) })
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect(result.databases[0]?.replication).toMatchObject({
    lagBytes: 0n,
    lag: { by: 'message' },
    state: { tables: [{ name: 't', state: 'ready' }], lanes: [{ subscription: { workerPid: expect.any(Number) } }] },
  })
  await disableSubscription(pair)
})

const watcher = { user: 'watcher', password: 'secret' }

test('without a log: the count, and where to look', async (context) => {
  const pair = await replicated(context, { source: 15, target: 17, own: { settings: { wal_retrieve_retry_interval: '500ms' } } })
  await pair.target.query('insert into t values (1)')
  await pair.source.query('insert into t values (1)')
  await expect
    .poll(async () => (await runStatus(pair)).problems, { timeout: 30_000 })
    .toMatchObject([
      {
        code: 'apply-failed',
        message: expect.stringMatching(/seren_replication_sub fail.*\d errors? while applying/),
        hint: expect.stringContaining('log'),
      },
    ])
  await disableSubscription(pair)
})

test('a slot that somebody dropped', async (context) => {
  const pair = await replicated(context)
  await pair.target.query('alter subscription seren_replication_sub disable')
  const drop = () =>
    pair.source.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = $1 and not active', [
      pair.source.name,
    ])
  await expect.poll(drop, { timeout: 10_000 }).toHaveLength(1)
  const result = await runStatus(pair, { wait: 60 })
  expect(result).toMatchObject({ outcome: 'not-met' })
  expect(codes(result)).toEqual(['lag-not-met', 'slot-lost', 'apply-failed'])
})

test('a table that somebody took from the publication shuts the gate, one that was dropped does not', async (context) => {
  const pair = await databasePair(context, { mayLeave })
  for (const { query } of [pair.source, pair.target])
    await query('create table a (id int primary key); create table b (id int primary key); create table c (id int primary key)')
  await openLane(pair, { tables: ['a', 'b', 'c'] })
  await allReady(pair)
  await pair.source.query('drop table c')
  const dropped = await runStatus(pair, { wait: 10 })
  expect(dropped).toMatchObject({ outcome: 'done', warnings: [] })
  expect(dropped.databases[0]?.replication?.state.tables.map(({ name }) => name)).toEqual(['a', 'b'])
  await pair.source.query('alter publication seren_replication_pub drop table b')
  const result = await runStatus(pair, { wait: 1 })
  expect(result.outcome).toBe('not-met')
  expect(result.problems[0]?.message).toContain('1 table of 2 not ready: public.b')
  expect(result.warnings).toMatchObject([{ code: 'table-not-replicated', message: expect.stringContaining('no publication has them') }])
})

test('tables that appeared, columns that drifted, a key that is gone', async (context) => {
  const pair = await replicated(context)
  await pair.source.query('alter table t drop constraint t_pkey')
  const keyless = await runStatus(pair)
  expect(keyless.warnings).toMatchObject([
    { code: 'replica-identity', message: 'Updates and deletes of 1 table fail on the source: public.t.' },
  ])
  await pair.source.query(keyless.warnings[0]?.sql ?? '')
  expect(await runStatus(pair)).toMatchObject({ outcome: 'done', warnings: [] })
  await pair.source.query('create table "New" (id int); create unlogged table u (id int); alter table t add column note text')
  await pair.target.query('alter table t add column extra int')
  const result = await runStatus(pair)
  expect(result.outcome).toBe('done')
  expect(result.warnings).toMatchObject([
    { code: 'table-not-replicated', message: '1 table of the source not replicated: public."New".' },
    { code: 'columns-drifted', message: 'public.t: column note is missing on the target, column extra is missing on the source.' },
  ])
})
