import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type TestContext, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { Event } from '../../src/events.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runSync } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const continuous = { snapshotOnly: false } as const

const pairs: readonly (readonly [ServerMajor, ServerMajor])[] = [
  [15, 18],
  [12, 15],
]

for (const [source, target] of pairs) {
  test(`a copy is followed without a gap while the source is written to, from ${source} to ${target}`, async (context) => {
    const pair = await own(context, source, target)
    await loadWriterTables(pair.source)
    await using writer = await startWriter(pair.source)
    expect((await runInit(pair, continuous)).result).toMatchObject({ problems: [], outcome: 'done' })
    expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
    const counts = await writer.stop()
    expect(counts.failures).toEqual([])
    await settled(pair)
    expect(await differences(pair)).toEqual([])
  })

  test(`three lanes are merged while the source is written to, from ${source} to ${target}`, async (context) => {
    const pair = await own(context, source, target)
    await loadWriterTables(pair.source)
    await using writer = await startWriter(pair.source)
    for (const tables of [2, 3]) await stopAfter(pair, tables)
    expect((await runInit(pair, { ...continuous, jobs: 1 })).result).toMatchObject({ problems: [], outcome: 'done' })
    // A table that was truncated while it was copied opens one more.
    expect((await pair.target.query('select from pg_subscription')).length).toBeGreaterThanOrEqual(2)
    const { result, events } = await runSync(pair)
    expect(result).toMatchObject({ problems: [], outcome: 'done' })
    expect(result.warnings.filter(({ code }) => code === 'merge-postponed')).toEqual([])
    const holds = events.flatMap((event) => (event.type === 'note' ? [/waited for (\d+) ms/.exec(event.message)?.[1] ?? ''] : []))
    expect(
      holds
        .filter((one) => one !== '')
        .map(Number)
        .every((one) => one <= 500),
    ).toBe(true)
    const counts = await writer.stop()
    expect(counts.failures).toEqual([])
    await settled(pair)
    expect(await differences(pair)).toEqual([])
    expect(await pair.source.query('select slot_name from pg_replication_slots')).toHaveLength(1)
  })
}

function own(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<DatabasePair> {
  return databasePair(context, { source, target, own: true, mayLeave: ['slot', 'publication', 'subscription'] })
}

/** Ends a run once so many tables are there. */
async function stopAfter(pair: DatabasePair, tables: number): Promise<void> {
  const stop = new AbortController()
  let finished = 0
  const watch = (event: Event) => {
    if (event.type === 'table-finished' && ++finished === tables) stop.abort(new Error('stop'))
  }
  await runInit(pair, { ...continuous, jobs: 1 }, stop.signal, watch).catch(() => undefined)
}

/** All that was written is on the target. */
async function settled({ source }: DatabasePair): Promise<void> {
  const [position] = await source.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')
  for (;;) {
    const behind = await source.query('select from pg_replication_slots where confirmed_flush_lsn < $1::pg_lsn', [position?.lsn])
    if (behind.length === 0) return
    await source.query("select pg_logical_emit_message(false, 'x', 'x')")
    await sleep(100)
  }
}

/** Sequences aren't replicated: cutover sets them. */
async function differences({ source, target }: DatabasePair): Promise<string[]> {
  return (await compareDatabases(source.url, target.url)).filter((one) => !one.startsWith('sequence '))
}
