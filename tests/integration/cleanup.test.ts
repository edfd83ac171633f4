import { describe, expect, test } from 'vitest'
import { replicationObjects, runCleanup } from '../support/cleanup.ts'
import { type DatabasePair, databasePair, type PairOptions } from '../support/database-pair.ts'
import { openLane } from '../support/lane.ts'

async function replicating(context: Parameters<typeof databasePair>[0], options: PairOptions): Promise<DatabasePair> {
  const pair = await databasePair(context, options)
  for (const side of [pair.source, pair.target])
    await side.query('create table t (id int primary key); create table u (id int primary key)')
  return pair
}

const everything = (name: string) => [
  'target subscription seren_replication_sub',
  'target subscription seren_replication_sub_2',
  `source slot seren_replication_sub_${name}`,
  `source slot seren_replication_sub_${name}_2`,
  'source publication seren_replication_pub',
  'source publication seren_replication_pub_2',
  'source table seren_replicator.heartbeat',
  'source table seren_replicator.heartbeat_2',
  'source schema seren_replicator',
  'target ledger',
]

describe.each([
  { source: 12, target: 15 },
  { source: 15, target: 18 },
  { source: 12, target: 12 },
  { source: 18, target: 17 },
] as const)('cleanup, $source to $target', (majors) => {
  test('removes two lanes, keeps the rows, and can be repeated', async (context) => {
    const pair = await replicating(context, { ...majors, name: 'lanes' })
    await openLane(pair)
    await openLane(pair, { lane: 2, tables: ['u'] })
    await pair.target.query('insert into t values (1)')

    const before = await replicationObjects(pair)
    const dry = await runCleanup(pair, { dryRun: true })
    expect(dry.result.outcome).toBe('done')
    expect(dry.result.steps?.map(({ side, what }) => `${side} ${what}`)).toEqual(everything(pair.source.name))
    expect(dry.result.steps?.some(({ done }) => done)).toBe(false)
    expect(dry.events.filter(({ type }) => type === 'note')).toEqual([])
    expect(await replicationObjects(pair)).toEqual(before)

    const { result } = await runCleanup(pair)
    expect(result).toMatchObject({ outcome: 'done', problems: [], warnings: [] })
    expect(result.steps?.every(({ done }) => done)).toBe(true)
    expect(await replicationObjects(pair)).toEqual([])
    expect(await pair.target.query('select id from t')).toEqual([{ id: '1' }])

    const again = await runCleanup(pair)
    expect(again.result).toMatchObject({ outcome: 'done', problems: [], warnings: [], steps: [] })
  })
})
