import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type TestContext } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { Config } from '../../src/config/config.ts'
import { compareTables } from './compare.ts'
import { type DatabasePair, databasePair } from './database-pair.ts'
import { runOn } from './engine.ts'
import { holdsOf, lanesOf, leaveLane } from './lanes.ts'
import { loadWriterTables, startWriter, type Writer, type WriterCounts } from './writer.ts'

/** Replicates from before `init` until after `sync` while an application writes, and expects every row on the target, and no trace afterwards. */
export async function expectFollowed(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<void> {
  const pair = await databasePair(context, { source, target, createTarget: false })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  await sleep(1000)
  const { perSecond } = await expectUndisturbed(writer)
  expect(perSecond).toBeGreaterThan(500)
  await expectEqual(pair)
  await expectDone(pair, 'verify')
  await expectRemoved(pair)
}

/** Three lanes, made by stopping twice, go into one while an application writes, which waits no longer than it may. */
export async function expectThreeLanesMerged(pair: DatabasePair): Promise<number[]> {
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await leaveLane(pair, 5)
  await leaveLane(pair, 4)
  await expectDone(pair, 'init')
  expect(await lanesOf(pair)).toBeGreaterThanOrEqual(3)
  await writer.lap()
  const { events } = await expectDone(pair, 'sync')
  const { longestMillis, longest } = await writer.lap()
  expect(await lanesOf(pair)).toBe(1)
  const holds = holdsOf(events)
  expect(Math.max(...holds)).toBeLessThanOrEqual(500)
  // What waits for a transaction of its own besides, and for a processor.
  expect(longestMillis, longest).toBeLessThan(1000)
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
  return holds
}

type Continuous = 'validate' | 'init' | 'sync' | 'status' | 'verify' | 'cleanup'

export async function expectDone(pair: DatabasePair, command: Continuous, overrides: Partial<Config> = {}) {
  const run = await runOn(pair, command, overrides)
  expect(run.result, command).toMatchObject({ problems: [], outcome: 'done' })
  return run
}

/** Ends the writer, which must have been told of no error and lost no connection. */
export async function expectUndisturbed(writer: Writer): Promise<WriterCounts> {
  const counts = await writer.stop()
  expect(counts).toMatchObject({ failures: [], disconnections: 0 })
  return counts
}

/** Once everything that was written has arrived. Nobody may be writing any more. */
export async function expectEqual(pair: DatabasePair, options: Parameters<typeof compareTables>[2] = {}): Promise<void> {
  await untilApplied(pair)
  expect(await compareTables(pair.source.url, pair.target.url, options)).toEqual([])
}

/** Milliseconds, for a backlog of minutes. */
const patience = 120_000

/** Until every slot's subscriber has confirmed what the source's log holds now. */
async function untilApplied({ source }: DatabasePair): Promise<void> {
  const [now] = await source.query<{ lsn: string }>('select pg_current_wal_insert_lsn() as lsn')
  // Old majors confirm what follows the last change every ten seconds only: so a change follows.
  await source.query('update account set version = version + 1 where id = 1')
  const behind = () =>
    source.query(
      `select slot_name, active, confirmed_flush_lsn from pg_replication_slots
        where database = current_database() and (not active or confirmed_flush_lsn < $1)`,
      [now?.lsn],
    )
  await expect.poll(behind, { timeout: patience, interval: 100 }).toEqual([])
}

/** `cleanup` leaves nothing on either side that retains WAL, dials, or is ours. */
export async function expectRemoved(pair: DatabasePair, overrides: Partial<Config> = {}): Promise<void> {
  await expectDone(pair, 'cleanup', overrides)
  const onSource = `
    select 'slot ' || slot_name as left from pg_replication_slots where database = current_database()
    union all select 'publication ' || pubname from pg_publication
    union all select 'schema ' || nspname from pg_namespace where nspname = 'seren_replicator'`
  const onTarget = `
    select 'subscription ' || subname as left from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
    union all select 'origin ' || roname from pg_replication_origin where not exists (select from pg_subscription s where roname like 'pg_' || s.oid || '%')
    union all select 'schema ' || nspname from pg_namespace where nspname = 'seren_replicator'`
  expect(await pair.source.query(onSource)).toEqual([])
  expect(await pair.target.query(onTarget)).toEqual([])
}
