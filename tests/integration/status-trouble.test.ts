import { expect, test } from 'vitest'
import { codes, disableSubscription, replicated, runStatus } from '../support/replicated.ts'

test('an apply error, with PostgreSQL’s words from the log', async (context) => {
  const pair = await replicated(context, { own: { settings: { logging_collector: true, wal_retrieve_retry_interval: '500ms' } } })
  await pair.target.query("insert into t values (1, 'somebody else’s')")
  await pair.source.query("insert into t values (1, 'private')")
  const broken = async () => (await runStatus(pair)).problems
  await expect.poll(broken, { timeout: 30_000 }).toMatchObject([{ code: 'apply-failed' }])
  const [found] = await broken()
  expect(found?.message).toMatch(/(duplicate key value violates unique constraint|conflict detected on relation)/)
  expect(found?.message).not.toContain('private')
  await disableSubscription(pair)
})

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

test('tables that appeared, columns that drifted', async (context) => {
  const pair = await replicated(context)
  await pair.source.query('create table "New" (id int); create unlogged table u (id int); alter table t add column note text')
  await pair.target.query('alter table t add column extra int')
  const result = await runStatus(pair)
  expect(result.outcome).toBe('done')
  expect(result.warnings).toMatchObject([
    { code: 'table-not-replicated', message: '1 table of the source not replicated: public."New".' },
    { code: 'columns-drifted', message: 'public.t: column note is missing on the target, column extra is missing on the source.' },
  ])
})
