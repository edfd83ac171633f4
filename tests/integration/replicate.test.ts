import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import type { Event } from '../../src/events.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { isCounted } from '../../src/report/totals.ts'
import { expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const gate = { maxLagSeconds: 5, wait: 60 } satisfies Partial<Config>

test('one command copies, follows, waits at the gate and compares, while the source is written to', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const { result, events } = await runOn(pair, 'replicate', gate)
  expect(result).toMatchObject({ command: 'replicate', problems: [], outcome: 'done', source: {}, target: {} })
  const steps: readonly string[] = ['copy', 'subscribe', 'status', 'verify']
  // A table that the application emptied meanwhile is copied again.
  expect([...new Set(phasesOf(events).filter((phase) => steps.includes(phase)))]).toEqual(steps)
  expectWhole(result)
  expect(result.databases[0]?.replication?.state.tables.every(({ state }) => state === 'ready')).toBe(true)
  expect(new Set(result.warnings.map(({ message }) => message)).size).toBe(result.warnings.length)
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
})

test('stopped within any of its steps, it goes on', { tags: ['long'] }, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await stopAt(pair, ({ type }) => type === 'table-finished')
  await stopAt(pair, (event) => event.type === 'phase-started' && event.phase === 'catch-up')
  await stopAt(pair, ({ type }) => type === 'table-verified')
  expect((await runOn(pair, 'replicate', gate)).result).toMatchObject({ problems: [], outcome: 'done' })
  await expectUndisturbed(writer)
  await expectEqual(pair)

  const closed = await runOn(pair, 'replicate', { maxLagSeconds: 0, wait: 2 })
  expect(closed.result).toMatchObject({ problems: [{ code: 'lag-not-met' }], outcome: 'not-met' })
  expect(phasesOf(closed.events)).not.toContain('verify')
  const begun = performance.now()
  const late = await runOn(pair, 'replicate', { maxLagSeconds: 0, wait: 600, timeBudget: 10 })
  expect(late.result).toMatchObject({ problems: [], outcome: 'to-be-continued', source: {}, databases: [{ name: pair.source.name }] })
  expect(performance.now() - begun).toBeLessThan(30_000)
  await expectRemoved(pair)
})

test('of one moment alone it copies and compares, and leaves nothing on the source', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await loadWriterTables(pair.source)
  const { result, events } = await runOn(pair, 'replicate', { snapshotOnly: true })
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expectWhole(result)
  for (const phase of ['publish', 'subscribe', 'status']) expect(phasesOf(events)).not.toContain(phase)
  expect(await pair.source.query("select from pg_namespace where nspname = 'seren_replicator'")).toEqual([])
})

/** Each table with what the copy and what the comparison found. */
function expectWhole({ databases }: CommandResult): void {
  const tables = databases.flatMap((database) => database.tables).filter(isCounted)
  expect(tables.length).toBeGreaterThan(5)
  for (const { name, copiedRows, verify } of tables) {
    expect(copiedRows, name).toBeTypeOf('bigint')
    expect(verify?.result, name).toBe('equal')
  }
}

async function stopAt(pair: DatabasePair, when: (event: Event) => boolean): Promise<void> {
  const stop = new AbortController()
  let seen = false
  const watch = (event: Event) => {
    if (seen || !when(event)) return
    seen = true
    stop.abort(new Error('stopped by the test'))
  }
  const ended = runOn(pair, 'replicate', { ...gate, jobs: 1 }, stop.signal, watch)
  await ended.then(
    ({ result }) => expect(result.outcome).toBe('interrupted'),
    (error: unknown) => expect(error).toBe(stop.signal.reason),
  )
  expect(seen).toBe(true)
}

function phasesOf(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.type === 'phase-finished' ? [event.phase] : []))
}
