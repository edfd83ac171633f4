import { expect, test } from 'vitest'
import { laneComment } from '../../src/sql/replication-mark.ts'
import { slotName } from '../../src/sql/replication-names.ts'
import { detachAndDropSql } from '../../src/sql/subscription.ts'
import { replicationObjects, runCleanup } from '../support/cleanup.ts'
import { type DatabasePair, databasePair, type PairOptions } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'
import { query } from '../support/query.ts'

async function replicating(context: Parameters<typeof databasePair>[0], options: PairOptions = {}): Promise<DatabasePair> {
  const pair = await databasePair(context, options)
  for (const side of [pair.source, pair.target])
    await side.query('create table t (id int primary key); create table u (id int primary key)')
  return pair
}

const messages = (findings: readonly { readonly message: string }[]) => findings.map(({ message }) => message)

test.for(['publication', 'slot', 'ledger'] as const)('what a run left that came as far as its %s goes', async (until, context) => {
  const pair = await replicating(context)
  await openLane(pair, { until })
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })
  expect(await replicationObjects(pair)).toEqual([])
})

test('with the target database dropped, the source is cleaned by the marks alone', async (context) => {
  const pair = await replicating(context)
  await openLane(pair)
  await pair.target.query(detachAndDropSql('seren_replication_sub'))
  await query(pair.target.server.url(), `drop database "${pair.target.name}"`)
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })
  expect((await replicationObjects({ ...pair, target: pair.source })).length).toBe(0)
})

test('with the source database dropped, the target is cleaned', async (context) => {
  const pair = await replicating(context)
  const slot = await openLane(pair)
  await pair.target.query('alter subscription seren_replication_sub disable')
  // A worker that was just starting may take the slot once more.
  const drop = () => pair.source.query('select pg_drop_replication_slot($1)', [slot])
  await expect.poll(() => drop().then(String, String), { timeout: 10_000 }).not.toContain('is active')
  await query(pair.source.server.url(), `drop database "${pair.source.name}" with (force)`)
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  expect((await replicationObjects({ ...pair, source: pair.target })).length).toBe(0)
})

test('a slot whose publication is gone is found by the ledger', async (context) => {
  const pair = await replicating(context)
  await openLane(pair, { until: 'ledger' })
  await pair.source.query('drop publication seren_replication_pub')
  await runCleanup(pair)
  expect(await replicationObjects(pair)).toEqual([])
})

test('what has our names without our mark stays, and others’ slots do', async (context) => {
  const pair = await replicating(context, { mayLeave: ['slot', 'publication'] })
  const slot = slotName(pair.source.name, 1)
  await pair.source.query(
    'create publication seren_replication_pub for table t; create schema seren_replicator; create table seren_replicator.heartbeat (id int)',
  )
  await pair.source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot])
  await pair.source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [`${pair.source.name}_others`])
  await pair.target.query(`create schema seren_replicator; create table seren_replicator.ledger (id int)`)
  const before = await replicationObjects(pair)
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [], steps: [] })
  expect(messages(result.warnings)).toEqual([
    'the publication seren_replication_pub is left: it lacks our mark',
    `the slot ${slot} is left: it has a name of ours, but neither a publication nor a ledger names it`,
  ])
  expect(await replicationObjects(pair)).toEqual(before)
})

test('a replication into another target stays', async (context) => {
  const pair = await replicating(context)
  const slot = await openLane(pair)
  const other = await replicating(context, { source: 12, target: 17, exactName: pair.source.name })
  const before = await replicationObjects(pair)
  const { result } = await runCleanup({ ...pair, target: other.target })
  expect(result).toMatchObject({ outcome: 'done', problems: [], steps: [] })
  expect(messages(result.warnings)).toEqual([
    expect.stringMatching(/^the publication seren_replication_pub is left: it was made for another target, with system identifier \d+$/),
  ])
  expect(result.warnings[0]?.sql).toContain(slot)

  const wrongSource = await runCleanup({ ...pair, source: other.source })
  expect(wrongSource.result).toMatchObject({ outcome: 'done', steps: [] })
  expect(messages(wrongSource.result.warnings)).toEqual([
    'the subscription seren_replication_sub is left: it follows another source',
    'the ledger is left: it belongs to another source',
  ])
  expect(await replicationObjects(pair)).toEqual(before)
  await runCleanup(pair)
})

test('what others put into our schemas stays, and the schemas with it', async (context) => {
  const pair = await replicating(context)
  await openLane(pair)
  for (const side of [pair.source, pair.target])
    await side.query(
      'create table seren_replicator.notes (id int); create function seren_replicator.f() returns int language sql as $$ select 1 $$',
    )
  const { result } = await runCleanup(pair)
  expect(result.outcome).toBe('done')
  expect(messages(result.warnings)).toEqual(
    Array(2).fill(
      expect.stringMatching(
        /^the schema seren_replicator is left: it holds what is not ours, table seren_replicator.notes, function seren_replicator.f\(\)$/,
      ),
    ),
  )
  expect(await replicationObjects(pair)).toEqual([
    'source: schema seren_replicator',
    'source: table notes',
    'target: schema seren_replicator',
    'target: table notes',
  ])
})

test('a subscription that moved with its renamed database goes on', async (context) => {
  const pair = await replicating(context)
  await openLane(pair)
  const renamed = `${pair.target.name}_now`
  const on = (sql: string) => query(pair.target.server.url(), sql)
  await pair.target.query('alter subscription seren_replication_sub disable')
  await on(`alter database "${pair.target.name}" rename to "${renamed}"`)
  const { result } = await runCleanup(pair)
  expect(result.steps).toEqual([])
  expect(messages(result.warnings)).toEqual([
    `the publication seren_replication_pub is left: the subscription seren_replication_sub in the target's database ${renamed} uses its slot ${slotName(pair.source.name, 1)}`,
  ])
  await on(`alter database "${renamed}" rename to "${pair.target.name}"`)
  await runCleanup(pair)
  expect(await replicationObjects(pair)).toEqual([])
})

test('a slot that a subscription without our mark uses stays, with all that names it', async (context) => {
  const pair = await replicating(context)
  const slot = await openLane(pair)
  const before = await replicationObjects(pair)
  await pair.target.query('comment on subscription seren_replication_sub is null')
  const { result } = await runCleanup(pair)
  expect(result).toMatchObject({ outcome: 'done', steps: [] })
  expect(messages(result.warnings)).toEqual([
    'the subscription seren_replication_sub is left: it lacks our mark',
    `the ledger is left: the subscription seren_replication_sub in "${pair.target.name}" uses the slot ${slot}, which it names`,
    `the publication seren_replication_pub is left: the subscription seren_replication_sub in the target's database ${pair.target.name} uses its slot ${slot}`,
  ])
  expect(await replicationObjects(pair)).toEqual(before)
  await pair.target.query(detachAndDropSql('seren_replication_sub'))
  expect((await runCleanup(pair)).result.outcome).toBe('done')
  expect(await replicationObjects(pair)).toEqual([])
})

test('a mark that names another database of the target is left alone', async (context) => {
  const pair = await replicating(context, { mayLeave: ['publication'] })
  const [target] = await pair.target.query<{ id: string }>('select system_identifier::text as id from pg_control_system()')
  await pair.source.query('create publication seren_replication_pub for table t')
  const comment = laneComment({ lane: 1, slot: 'elsewhere', peer: target?.id ?? '', database: 'elsewhere' })
  await pair.source.query(`comment on publication seren_replication_pub is '${comment}'`)
  const { result } = await runCleanup(pair)
  expect(result.steps).toEqual([])
  expect(messages(result.warnings)).toEqual([
    "the publication seren_replication_pub is left: it was made for the target's database elsewhere",
  ])
})
