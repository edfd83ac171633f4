import { expect, test } from 'vitest'
import type { EmbeddedServer } from '../../src/commands/demo/embedded-server.ts'
import { Rejection } from '../../src/errors.ts'
import { replicationObjects, runCleanup } from '../support/cleanup.ts'
import { type DatabasePair, databasePair, type TestDatabase } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { connect } from '../support/query.ts'

const serverOf = (database: TestDatabase) => database.server as EmbeddedServer

async function createTables({ source, target }: DatabasePair): Promise<void> {
  for (const side of [source, target]) await side.query('create table t (id int primary key); create table u (id int primary key)')
}

test.for([
  { source: 12, target: 15 },
  { source: 17, target: 18 },
] as const)('a source that is down is cleaned once it is back, $source to $target', async (majors, context) => {
  const pair = await databasePair(context, { ...majors, own: true })
  await createTables(pair)
  const slot = await openLane(pair)
  await serverOf(pair.source).stop()

  for (let round = 0; round < 2; round++) {
    const { result } = await runCleanup(pair)
    expect(result).toMatchObject({
      outcome: 'failed',
      source: null,
      problems: [{ code: 'connection-refused' }, { code: 'left-behind' }, { code: 'left-behind' }],
    })
    expect(result.problems[1]?.message).toContain(`slot ${slot}, publication seren_replication_pub`)
    expect(result.problems[1]?.sql).toContain(`slot_name = '${slot}'`)
    expect(result.problems[2]?.message).toBe('still there on the target: ledger')
    expect(await pair.target.query('select from pg_subscription')).toEqual([])
  }
  await serverOf(pair.source).start()
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect(await replicationObjects(pair)).toEqual([])
})

test('slots of table synchronisation are remembered until the source is back', async (context) => {
  const pair = await databasePair(context, { source: 17, target: 18, own: true })
  await createTables(pair)
  // The copy waits, with its slot.
  await using lock = await connect(pair.target.url)
  await lock.query('begin; lock table t in share row exclusive mode')
  await openLane(pair, { tableSync: true })
  const syncing = () => pair.source.query("select from pg_replication_slots where slot_name like 'pg\\_%'")
  await expect.poll(async () => (await syncing()).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await serverOf(pair.source).stop()
  const without = await runCleanup(pair)
  expect(without.result.warnings).toMatchObject([{ message: expect.stringMatching(/^2 tables were still being synchronised/) }])
  await serverOf(pair.source).start()
  expect((await syncing()).length).toBeGreaterThan(0)
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect(await replicationObjects(pair)).toEqual([])
})

test('without the target nothing is touched, and what is there is told', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true })
  await createTables(pair)
  const slot = await openLane(pair)
  const before = await replicationObjects(pair)
  await serverOf(pair.target).stop()
  const rejection = await runCleanup(pair).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(rejection).toBeInstanceOf(Rejection)
  const { problems, warnings } = rejection as Rejection
  expect(problems).toMatchObject([{ code: 'connection-refused' }])
  expect(warnings).toMatchObject([{ code: 'left-behind', database: pair.source.name }])
  expect(warnings[0]?.sql).toContain(slot)
  await serverOf(pair.target).start()
  expect(await replicationObjects(pair)).toEqual(before)
  await runCleanup(pair)
  expect(await replicationObjects(pair)).toEqual([])
})
