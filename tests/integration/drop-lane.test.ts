import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { dropLane } from '../../src/engine/replication/drop-lane.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { sessionOn } from '../support/session.ts'

const pairs = [
  { source: 12, target: 15 },
  { source: 15, target: 18 },
  { source: 18, target: 12 },
] as const

async function drop({ source, target }: DatabasePair, lane: number, slot: string): Promise<void> {
  await using from = await sessionOn(source.url)
  await using to = await sessionOn(target.url)
  await dropLane({ source: from, target: to, lane, slot })
}

async function leftOf({ source, target }: DatabasePair): Promise<string[]> {
  const rows = await Promise.all([
    source.query<{ what: string }>(
      `select 'slot ' || slot_name as what from pg_replication_slots where database = current_database()
       union all select 'publication ' || pubname from pg_publication
       union all select 'source ' || oid::regclass from pg_class where relnamespace = to_regnamespace('seren_replicator') and relkind = 'r'`,
    ),
    target.query<{ what: string }>(
      `select 'subscription ' || subname as what from pg_subscription s join pg_database d on d.oid = subdbid and datname = current_database()
       union all select 'target ' || oid::regclass from pg_class where relname like 'heartbeat%' and relkind = 'r'`,
    ),
  ])
  return rows.flat().map(({ what }) => what)
}

describe.each(pairs)('a lane is dropped, $source to $target', (majors) => {
  test('a streaming one, and none beside it', async (context) => {
    const pair = await databasePair(context, majors)
    for (const side of [pair.source, pair.target])
      await side.query('create table t (id int primary key); create table u (id int primary key)')
    const first = await openLane(pair)
    const second = await openLane(pair, { lane: 2, tables: ['u'] })
    await pair.source.query('insert into u values (1)')
    for (let tries = 0; tries < 100 && (await pair.target.query('select from u')).length === 0; tries++) await sleep(100)

    await drop(pair, 2, second)
    expect(await leftOf(pair)).toEqual([
      `slot ${first}`,
      'publication seren_replication_pub',
      'source seren_replicator.heartbeat',
      'subscription seren_replication_sub',
      'target seren_replicator.heartbeat',
    ])
    expect(await pair.target.query('select from u')).toHaveLength(1)
    await drop(pair, 1, first)
    await drop(pair, 1, first)
    expect(await leftOf(pair)).toEqual([])
  })

  test.for(['publication', 'slot', 'ledger'] as const)('one that was made up to its %s', async (until, context) => {
    const pair = await databasePair(context, majors)
    for (const side of [pair.source, pair.target]) await side.query('create table t (id int primary key)')
    await drop(pair, 1, await openLane(pair, { until }))
    expect(await leftOf(pair)).toEqual([])
  })
})

test('a slot whose walsender lingers is freed of it', async (context) => {
  const pair = await databasePair(context, { source: 17, target: 18 })
  for (const side of [pair.source, pair.target]) await side.query('create table t (id int primary key)')
  const slot = await openLane(pair, { until: 'ledger' })
  const client = new pg.Client({ connectionString: pair.source.url, replication: 'database' } as pg.ClientConfig)
  client.on('error', () => undefined)
  await client.connect()
  const ended = expect(
    client.query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '1', publication_names 'seren_replication_pub')`),
  ).rejects.toThrow(/terminating connection/)
  for (
    let tries = 0;
    tries < 100 && (await pair.source.query('select from pg_replication_slots where slot_name = $1 and active', [slot])).length === 0;
    tries++
  )
    await sleep(50)
  await drop(pair, 1, slot)
  expect(await leftOf(pair)).toEqual([])
  await ended
})

test('synchronising tables leave no slot of theirs', async (context) => {
  const pair = await databasePair(context, { source: 17, target: 18 })
  await pair.source.query('create table t (id int primary key); insert into t select generate_series(1, 1000)')
  // The first row is there already: each attempt fails, and the next one keeps its slot.
  await pair.target.query('create table t (id int primary key); insert into t values (1)')
  const slot = await openLane(pair, { tableSync: true })
  const syncing = () =>
    pair.source.query("select from pg_replication_slots where slot_name like 'pg\\_%sync%' and database = current_database()")
  await expect.poll(async () => (await syncing()).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await drop(pair, 1, slot)
  expect(await leftOf(pair)).toEqual([])
})
