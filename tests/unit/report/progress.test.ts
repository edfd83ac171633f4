import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/events.ts'
import { lineReporter } from '../../../src/report/line.ts'
import { Progress } from '../../../src/report/progress.ts'
import { styles } from '../../../src/report/reporter.ts'
import { frameLines, terminalReporter } from '../../../src/report/terminal.ts'
import { widthOf } from '../../../src/report/width.ts'
import { result } from './sample.ts'

const film = { database: 'shop', table: { schema: 'public', name: 'film' } }
const actor = { database: 'shop', table: { schema: 'public', name: 'actor' } }
const planned: Event = { type: 'copy-planned', database: 'shop', tables: 2, skippedTables: 0, bytes: 3000n, rows: 30n }
const started = (where: typeof film, estimatedBytes: bigint, part = 0, parts = 1): Event => ({
  type: 'table-started',
  ...where,
  part,
  parts,
  estimatedBytes,
})
const progressed = (where: typeof film, bytes: bigint, part = 0): Event => ({ type: 'table-progress', ...where, part, bytes })
const finished = (where: typeof film, part = 0, parts = 1): Event => ({
  type: 'table-finished',
  ...where,
  part,
  parts,
  rows: 10n,
  bytes: 1500n,
  seconds: 1,
})

function progressOf(...events: [number, Event][]): Progress {
  const progress = new Progress()
  for (const [at, event] of events) progress.add(event, at)
  return progress
}

describe('totals', () => {
  test('bytes, rate and what is left', () => {
    const progress = progressOf([0, planned], [0, started(film, 2000n)], [1, progressed(film, 1000n)])
    expect(progress.snapshot(1)).toMatchObject({
      tables: { done: 0, total: 2 },
      bytes: { done: 1000n, total: 3000n },
      rate: 1000,
      secondsLeft: 2,
    })
  })

  test('a part is not over before it says so, and then counts as planned', () => {
    const progress = progressOf([0, planned], [0, started(film, 2000n)], [1, progressed(film, 9999n)])
    expect(progress.snapshot(1).bytes.done).toBe(2000n)
    progress.add(finished(film), 2)
    expect(progress.snapshot(2)).toMatchObject({ tables: { done: 1 }, bytes: { done: 2000n }, rows: 10n, active: [] })
  })

  test('a table in parts is done with its last one', () => {
    const progress = progressOf([0, planned], [0, started(film, 1000n, 0, 2)], [0, started(film, 1000n, 1, 2)], [1, finished(film, 1, 2)])
    expect(progress.snapshot(1)).toMatchObject({ tables: { done: 0 }, active: [{ part: 0 }] })
    progress.add(finished(film, 0, 2), 2)
    expect(progress.snapshot(2)).toMatchObject({ tables: { done: 1 }, active: [] })
  })

  test('failed tables leave', () => {
    const progress = progressOf(
      [0, planned],
      [0, started(film, 1000n)],
      [1, { type: 'table-failed', ...film, finding: { code: 'copy-failed', message: 'x' } }],
    )
    expect(progress.snapshot(1)).toMatchObject({ tables: { done: 0, failed: 1 }, active: [] })
  })

  test('verify counts anew, over all databases', () => {
    const progress = progressOf([0, planned], [1, finished(film)])
    for (const database of ['a', 'b']) progress.add({ type: 'verify-planned', database, tables: 3, bytes: 100n }, 2)
    progress.add({ type: 'table-verified', ...film, result: 'equal', sourceRows: 5n, targetRows: 5n, bytes: 50n }, 3)
    expect(progress.snapshot(3)).toMatchObject({ kind: 'verify', tables: { done: 1, total: 6 }, bytes: { done: 50n, total: 200n } })
  })
})

describe('in a log', () => {
  function logOf(events: readonly [number, Event][], level: 'info' | 'debug' | 'error' = 'info'): string[] {
    let text = ''
    let now = 0
    const reporter = lineReporter({ write: (more) => (text += more), styles: styles(false), size: undefined }, { level, clock: () => now })
    for (const [at, event] of events) {
      now = at
      reporter.event?.(event)
    }
    return text.split('\n').filter((line) => line !== '')
  }
  const events: [number, Event][] = [
    [0, { type: 'phase-started', phase: 'copy', database: 'shop' }],
    [0, planned],
    [0, started(film, 2000n)],
    [4, progressed(film, 800n)],
    [5, progressed(film, 1000n)],
    [6, progressed(film, 1100n)],
    [9, { type: 'phase-finished', phase: 'copy', database: 'shop', seconds: 9 }],
  ]

  test('a line every few seconds', () => {
    expect(logOf(events)).toEqual([
      'copying 2 tables of shop, 2.9 kB',
      '0 of 2 tables, 1000 bytes of 2.9 kB (33 %), 200 bytes/s, about 10 s left'.replace('1000 bytes', '1 kB'),
      '✓ copy of shop 9.0 s',
    ])
  })

  test('failures at every level, tables only in detail', () => {
    const failed: Event = {
      type: 'table-failed',
      ...film,
      finding: { code: 'copy-failed', message: 'disk full', relation: '"public"."film"' },
    }
    expect(logOf([...events, [10, failed]], 'error')).toEqual(['✗ "public"."film": disk full [copy-failed]'])
    expect(logOf([[0, finished(actor)]], 'debug')).toEqual(['  public.actor: 10 rows, 1.5 kB, 1.0 s'])
  })
})

describe('on a terminal', () => {
  test('a frame never takes more lines or columns than there are', () => {
    const progress = progressOf([0, { ...planned, tables: 100 }])
    for (let index = 0; index < 50; index++)
      progress.add(started({ database: 'shop', table: { schema: '日本語スキーマ', name: `${'long '.repeat(12)}${index}` } }, 100n, 3, 8), 0)
    for (const [columns, rows] of [
      [80, 24],
      [40, 10],
      [200, 50],
    ] as const) {
      const frame = frameLines(progress.snapshot(1), { columns, rows }, styles(false))
      expect(frame.length).toBeLessThan(rows)
      for (const line of frame) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    }
  })

  test('redraws at most ten times a second, and clears itself', async () => {
    const written: string[] = []
    let now = 0
    const reporter = terminalReporter(
      { write: (text) => written.push(text), styles: styles(false), size: () => ({ columns: 80, rows: 24 }) },
      { level: 'info', clock: () => now },
    )
    reporter.event?.(planned)
    reporter.event?.(started(film, 2000n))
    const before = written.length
    for (let index = 0; index < 1000; index++) {
      now += 0.001
      reporter.event?.(progressed(film, BigInt(index)))
    }
    expect(written.length - before).toBeLessThanOrEqual(10)
    await reporter.finished?.(result('init', []))
    expect(written.at(-1)?.replaceAll('\u001b', 'ESC')).toMatch(/^ESC\[\d+AESC\[0J$/)
  })
})
