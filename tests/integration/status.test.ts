import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Rejection } from '../../src/errors.ts'
import type { Event } from '../../src/events.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig } from '../support/engine.ts'
import { openLane } from '../support/lane.ts'
import { connect } from '../support/query.ts'
import { allReady, codes, disableSubscription, mayLeave, replicated, runStatus } from '../support/replicated.ts'

describe.each([
  [12, 17],
  [15, 18],
  [18, 12],
] as const)('%d to %d', (source, target) => {
  test('an idle replication is level, and every table ready', async (context) => {
    const pair = await replicated(context, { source, target })
    const result = await runStatus(pair)
    expect(result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })
    const replication = result.databases[0]?.replication
    expect(replication).toMatchObject({
      lagBytes: expect.any(BigInt),
      retainedBytes: expect.any(BigInt),
      lag: { by: 'heartbeat' },
      state: { tables: [{ schema: 'public', name: 't', lane: 1, published: 'changes', state: 'ready' }] },
      gaps: { missing: [], drifted: [] },
    })
    expect(replication?.lag.atMost).toBeLessThan(1)
    expect(replication?.lag.atMost).toBe(replication?.lag.atLeast)
  })

  test('the gate opens on an idle source, without a table of ours as well', { tags: target === 12 ? ['long'] : [] }, async (context) => {
    // Idle is only a source that nobody else writes to.
    const pair = await replicated(context, { source, target, own: true })
    expect(await runStatus(pair, { maxLagBytes: 0n, maxLagSeconds: 2, wait: 20 })).toMatchObject({ outcome: 'done' })
    const result = await runStatus(pair, { maxLagBytes: 0n, maxLagSeconds: 12, wait: 40, heartbeat: false })
    expect(result).toMatchObject({ outcome: 'done', databases: [{ replication: { lag: { by: 'message' } } }] })
  })
})

test('lag in bytes and seconds is what others measure, while nothing is applied and after', async (context) => {
  // The log is the whole server's: what others write between two looks would make them differ.
  const pair = await replicated(context, { own: true })
  await using lock = await connect(pair.target.url)
  await lock.query('begin; lock table t in access exclusive mode')
  const from = await position(pair)
  const begun = performance.now()
  const readings: { bytes: number; seconds: number; really: number; since: number }[] = []
  const look = async (event: Event) => {
    if (event.type !== 'lag' || event.bytes === null || event.seconds === null) return
    const really = Number((await position(pair)) - from)
    readings.push({ bytes: Number(event.bytes), seconds: event.seconds, really, since: (performance.now() - begun) / 1000 })
  }
  const watching = runStatus(pair, { maxLagBytes: 0n, maxLagSeconds: 1, wait: 60 }, { watch: (event) => void look(event) })
  for (let id = 1; performance.now() - begun < 10_000; id++) {
    await pair.source.query('insert into t values ($1, repeat($2, 5000))', [id, 'x'])
    await sleep(20)
  }
  const blocked = readings.slice(3)
  await lock.query('commit')
  expect(blocked.length).toBeGreaterThan(2)
  for (const { bytes, seconds, really, since } of blocked) {
    expect(bytes / really).toBeGreaterThan(0.8)
    expect(bytes / really).toBeLessThan(1.2)
    expect(seconds / since).toBeGreaterThan(0.8)
    expect(seconds / since).toBeLessThan(1.2)
  }
  const { outcome, databases } = await watching
  expect(outcome).toBe('done')
  expect(databases[0]?.replication).toMatchObject({ lagBytes: 0n })
  await disableSubscription(pair)
})

test('a marker takes as long as any other change', async (context) => {
  const pair = await replicated(context)
  await using lock = await connect(pair.target.url)
  await lock.query('begin; lock table t in access exclusive mode')
  await pair.source.query("insert into t values (1, 'blocked')")
  const reading = runStatus(pair)
  await expect.poll(async () => (await beat(pair)) > 0, { interval: 5 }).toBe(true)
  const sent = performance.now()
  await sleep(3000)
  await lock.query('commit')
  const took = (performance.now() - sent) / 1000
  const lag = (await reading).databases[0]?.replication?.lag
  expect(lag?.atMost).toBeGreaterThan(0.8 * (took - 1))
  expect(lag?.atLeast).toBeLessThan(1.2 * took)
})

async function position({ source }: DatabasePair): Promise<bigint> {
  const [row] = await source.query<{ lsn: string }>("select pg_current_wal_lsn() - '0/0' as lsn")
  return BigInt(row?.lsn ?? 0)
}

async function beat({ source }: DatabasePair): Promise<number> {
  const [row] = await source.query<{ beat: string }>('select beat from seren_replicator.heartbeat')
  return Number(row?.beat)
}

describe('the gate stays shut', () => {
  test('while a table is locked on the target', async (context) => {
    const pair = await replicated(context)
    await using lock = await connect(pair.target.url)
    await lock.query('begin; lock table t in access exclusive mode')
    await pair.source.query("insert into t select g, repeat('x', 1000) from generate_series(1, 1000) g")
    const result = await runStatus(pair, { maxLagBytes: 1000n, maxLagSeconds: 1, wait: 3 })
    expect(result.outcome).toBe('not-met')
    expect(codes(result)).toEqual(['lag-not-met'])
    expect(result.problems[0]?.message).toMatch(/the lag is [\d,]+ bytes, more than 1,000, the lag is at least \d+\.\d s, more than 1 s/)
    await lock.query('commit')
    expect(await runStatus(pair, { maxLagBytes: 1000n, maxLagSeconds: 1, wait: 30 })).toMatchObject({ outcome: 'done' })
  })

  test('while a table is still being synchronised', async (context) => {
    const pair = await databasePair(context, { mayLeave })
    for (const { query } of [pair.source, pair.target]) await query('create table t (id int primary key)')
    await pair.source.query('insert into t select generate_series(1, 10)')
    await using lock = await connect(pair.target.url)
    await lock.query('begin; lock table t in exclusive mode')
    await openLane(pair, { tableSync: true })
    const result = await runStatus(pair, { wait: 2 })
    expect(result.outcome).toBe('not-met')
    expect(result.problems[0]?.message).toContain('1 table of 1 not ready: public.t')
    await lock.query('commit')
    expect(await runStatus(pair, { wait: 30 })).toMatchObject({ outcome: 'done' })
    expect(await pair.target.query('select count(*) from t')).toEqual([{ count: '10' }])
  })

  test('before there is a subscription', async (context) => {
    const pair = await replicated(context, { until: 'ledger' })
    expect(await runStatus(pair)).toMatchObject({
      outcome: 'done',
      warnings: [{ code: 'not-prepared' }],
      databases: [{ replication: { lagBytes: expect.any(BigInt), lag: { by: null, atMost: null } } }],
    })
    const result = await runStatus(pair, { maxLagSeconds: 5 })
    expect(codes(result)).toEqual(['lag-not-met'])
    expect(result).toMatchObject({ outcome: 'not-met' })
  })

  test('when nothing was prepared', async (context) => {
    const pair = await databasePair(context)
    const result = await runStatus(pair)
    expect(result).toMatchObject({ outcome: 'failed', problems: [{ code: 'not-prepared', database: pair.source.name }] })
    expect(await runStatus(pair, { maxLagBytes: 5n })).toMatchObject({ outcome: 'not-met' })
  })

  test('when the source is gone: then the target tells what it knows', async (context) => {
    const pair = await replicated(context, { own: true })
    const config = { ...engineConfig(pair).source, hosts: [{ host: '127.0.0.1', port: 1 }] as const }
    const result = await runStatus(pair, { source: config, maxLagBytes: 1_000_000n })
    expect(result).toMatchObject({
      outcome: 'not-met',
      source: null,
      databases: [{ replication: { lagBytes: null, state: { sourceLsn: null } } }],
    })
    expect(codes(result)).toEqual(['lag-not-met', 'connection-refused'])
    expect(result.databases[0]?.replication?.state.tables).toMatchObject([{ name: 't', state: 'ready' }])
    await disableSubscription(pair)
  })
})

test('a gate waits for a target that is away, and is not met while it is; without a gate that is a refusal', async (context) => {
  const pair = await replicated(context)
  const away = { ...engineConfig(pair).target, hosts: [{ host: '127.0.0.1', port: 1 }] as const }
  const begun = performance.now()
  const result = await runStatus(pair, { target: away, maxLagSeconds: 5, wait: 1 })
  expect(result).toMatchObject({ outcome: 'not-met', problems: [{ code: 'connection-refused' }] })
  expect(performance.now() - begun).toBeGreaterThan(1000)
  await expect(runStatus(pair, { target: away })).rejects.toThrow(Rejection)
  const unknown = { ...engineConfig(pair).target, user: 'nobody' }
  await expect(runStatus(pair, { target: unknown, maxLagSeconds: 5, wait: 60 })).rejects.toThrow(Rejection)
})

test('several lanes are one replication', async (context) => {
  // A lag of no byte at all is reached only where nobody else writes.
  const pair = await databasePair(context, { mayLeave, own: true })
  for (const { query } of [pair.source, pair.target])
    await query('create table a (id int primary key); create table b (id int primary key)')
  await openLane(pair, { tables: ['a'] })
  await openLane(pair, { tables: ['b'], lane: 2 })
  await allReady(pair)
  const result = await runStatus(pair, { maxLagBytes: 0n, maxLagSeconds: 2, wait: 20 })
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect(result.databases[0]?.replication?.state).toMatchObject({
    lanes: [{ lane: 1 }, { lane: 2 }],
    tables: [
      { name: 'a', lane: 1 },
      { name: 'b', lane: 2 },
    ],
  })
})

test('watching goes on until it is stopped, and that is no failure', async (context) => {
  const pair = await replicated(context)
  const controller = new AbortController()
  let looks = 0
  const watch = ({ type }: Event) => {
    if (type === 'lag' && ++looks === 3) controller.abort()
  }
  const result = await runStatus(pair, { watch: true }, { signal: controller.signal, watch })
  expect(result).toMatchObject({ outcome: 'done', databases: [{ replication: { state: { tables: [{ state: 'ready' }] } } }] })
})
