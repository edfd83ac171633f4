import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import type { CommandResult } from '../../../src/plan/results.ts'
import { outputsOf } from '../../../src/report/actions-outputs.ts'
import { jobSummary } from '../../../src/report/job-summary/job-summary.ts'
import { Timeline } from '../../../src/report/job-summary/timeline.ts'
import { toReport } from '../../../src/report/json.ts'
import { lagOf, lineReporter } from '../../../src/report/line.ts'
import { redactDeep } from '../../../src/report/redact.ts'
import { lagWords } from '../../../src/report/replication-words.ts'
import { reportSchema } from '../../../src/report/report-schema.ts'
import { styles } from '../../../src/report/reporter.ts'
import { resultReporter } from '../../../src/report/result-text.ts'
import { broken, followedTable, lane, replication, statusResult } from './replication-sample.ts'
import { copied, hostileName, result, table, verified } from './sample.ts'

function shown(one: CommandResult): string {
  let text = ''
  void resultReporter({ write: (more) => (text += more), styles: styles(false), size: undefined }).finished?.(one)
  return text
}

describe('a figure says how well it is known', () => {
  test.each([
    [{ atLeast: 0.25, atMost: 0.25, by: 'heartbeat' }, '250 ms'],
    [{ atLeast: 5, atMost: null, by: 'heartbeat' }, '≥ 5.0 s'],
    [{ atLeast: 5, atMost: 9, by: 'heartbeat' }, '≥ 5.0 s'],
    [{ atLeast: 0, atMost: 9, by: 'message' }, '≤ 9.0 s'],
    [{ atLeast: null, atMost: null, by: null }, 'unknown'],
  ] as const)('%j', (lag, text) => expect(lagWords(lag)).toBe(text))
})

describe('as text', () => {
  test('a sentence, the subscriptions, the tables that matter first', () => {
    const tables = [
      followedTable(),
      followedTable({ name: 'actor', published: 'inserts' }),
      followedTable({ name: 'big', state: 'copying' }),
    ]
    const gaps = { missing: [{ schema: 'public', name: 'New' }], drifted: [], keyless: [] }
    const text = shown(statusResult(replication({ state: { ...replication().state, tables }, gaps })))
    expect(text).toMatch(
      /^shop\n2 MB and 250 ms behind, 2 of 3 tables ready, the source keeps 12 MB of WAL, catching up at 97\.7 kB\/s, level in about 20 s\n/,
    )
    expect(text).toMatch(/seren_replication_sub +streaming +active +2 MB +12 MB\n/)
    expect(text).toMatch(
      /public\."New" +not replicated +nothing\npublic\.big +1 +copying +all changes\npublic\.actor +1 +ready +inserts only\npublic\.film/,
    )
    expect(text.trimEnd()).toMatch(/✓ status: 2 MB and 250 ms behind, 2 of 3 tables ready$/)
  })

  test('what is not known is never 0', () => {
    const text = shown(statusResult(broken, { outcome: 'not-met' }))
    expect(text).toContain('lag unknown, 0 of 1 table ready\n')
    expect(text).toMatch(/lane 1 +not subscribed yet +unknown +unknown +unknown/)
    expect(text.trimEnd()).toMatch(/✗ status: the thresholds were not met: lag unknown, 0 of 1 table ready$/)
    const away = replication({ ...broken, lagBytes: 5n, lag: { atLeast: 1.5, atMost: null, by: 'heartbeat' } })
    expect(shown(statusResult(away)).trimEnd()).toMatch(/✓ status: 5 bytes and ≥ 1\.5 s behind, 0 of 1 table ready$/)
    const state = { ...replication().state, sourceLsn: null, tables: [followedTable({ published: null })] }
    expect(shown(statusResult(replication({ state })))).toMatch(/public\.film +1 +ready +unknown\n/)
  })

  test('sync, replicate and cleanup say what they did', () => {
    expect(shown(result('sync', [table({ published: 'changes' }), table({ name: 'x', published: null })])).trimEnd()).toMatch(
      /✓ sync is done: 1 table followed in 1 min 30 s$/,
    )
    expect(shown(result('sync', [], { outcome: 'failed' }))).toMatch(/✗ sync failed with 0 problems in 1 min 30 s\n/)
    const all = verified('equal', copied({ published: 'changes' }))
    const replicated = result('replicate', [], { databases: [{ name: 'shop', tables: [all], replication: replication() }] })
    expect(shown(replicated)).toMatch(/; 1 table equal; 2 MB and 250 ms behind, 2 of 2 tables ready in 1 min 30 s/)
    const step = { database: 'shop', side: 'source', what: 'slot seren_replication_sub_shop', sql: 'select 1' } as const
    const dry = shown(result('cleanup', [], { steps: [{ ...step, done: false }] }))
    expect(dry).toContain('· source shop: slot seren_replication_sub_shop\n    select 1\n')
    expect(dry).toContain('cleanup is done: 1 step to take')
    expect(shown(result('cleanup', [], { steps: [{ ...step, done: true }] }))).toMatch(/✓ source shop[^]*1 of 1 step taken/)
  })

  test('tables that are followed in part, or not at all, by name', () => {
    const tables = [
      table({ name: 'a', published: 'changes' }),
      table({ name: 'b', published: 'inserts' }),
      table({ name: 'c', published: null }),
      table({ name: 'd', published: 'changes', tableSync: true }),
    ]
    const text = shown(result('plan', tables))
    expect(text).toMatch(/public\.a .* binary\n/)
    expect(text).toMatch(/public\.b .* binary, inserts only\n/)
    expect(text).toMatch(/public\.c .* binary, not replicated\n/)
    expect(text).toMatch(/public\.d .* left to table synchronisation\n/)
    expect(shown(result('verify', [verified('different', { published: 'inserts' })]))).toMatch(/different, inserts only\n/)
  })
})

test.each([
  ['a level one', statusResult()],
  ['a broken one', statusResult(broken)],
  ['conflicts', statusResult(replication({ state: { ...replication().state, lanes: [conflicting()] } }))],
  ['cleanup', result('cleanup', [], { steps: [{ database: 'shop', side: 'target', what: 'ledger', sql: 'drop', done: true }] })],
])('%s is reported as the schema says, and passes redaction', (_, sample) => {
  const report = toReport(redactDeep(sample, (text) => text))
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
})

function conflicting() {
  const { subscription } = lane()
  const errors = { apply: 3n, sync: 0n, conflicts: [{ kind: 'insert_exists', count: 3n }] }
  return lane({ subscription: subscription === null ? null : { ...subscription, errors } })
}

test('outputs: figures, or nothing where they are not known', () => {
  expect(outputsOf(statusResult(), 'r.json')).toMatchObject({
    'lag-bytes': '2097152',
    'lag-seconds': '0.250',
    'slot-retained-bytes': '12582912',
    complete: 'true',
    'has-work': 'false',
    'remaining-tables': '',
  })
  expect(outputsOf(statusResult(broken), 'r.json')).toMatchObject({ 'lag-bytes': '', 'lag-seconds': '', 'slot-retained-bytes': '' })
  const two = statusResult(undefined, {
    databases: [
      { name: 'a', tables: [], replication: replication() },
      { name: 'b', tables: [], replication: replication({ lagBytes: 5n, lag: { atLeast: 2, atMost: 3, by: 'message' } }) },
    ],
  })
  expect(outputsOf(two, 'r.json')).toMatchObject({ 'lag-bytes': '2097152', 'lag-seconds': '3.000' })
})

describe('in the job summary', () => {
  const markdown = new MarkdownIt({ html: true })

  test('figures, a row per subscription, tables folded once they are ready', () => {
    const text = jobSummary(statusResult(), new Timeline())
    expect(text).toMatch(/^## ✅ status: 2 MB and 250 ms behind, 2 of 2 tables ready\n/)
    expect(text).toContain('<code>seren_replication_sub</code>')
    expect(text).toContain('<details>\n<summary><b>2 of 2 tables ready</b></summary>')
    expect(jobSummary(statusResult(broken), new Timeline())).toContain('<details open>')
  })

  test('text from the database stays text, and 20,000 tables leave room', () => {
    const tables = Array.from({ length: 20_000 }, (_, index) => followedTable({ schema: hostileName, name: `${hostileName}${index}` }))
    const one = replication({ state: { ...replication().state, tables }, gaps: { missing: tables, drifted: [], keyless: [] } })
    const step = { database: hostileName, side: 'source', what: hostileName, sql: hostileName, done: false } as const
    const text = jobSummary(
      statusResult(one, { databases: [{ name: hostileName, tables: [], replication: one }], steps: [step] }),
      new Timeline(),
    )
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).toContain('more tables in the report')
    expect(markdown.render(text)).not.toMatch(/<img|<a |<em>|<h1>|<li>|onerror=1>/)
  })
})

describe('while it is waited for', () => {
  const lag = { type: 'lag', database: 'shop', bytes: 12_582_912n, seconds: 3.2, readyTables: 13, tables: 14, secondsLeft: 21 } as const

  test('a line: figures, tables, time left', () => {
    expect(lagOf(lag)).toBe('shop: 12 MB and 3.2 s behind, 13 of 14 tables ready, about 20 s left')
    expect(lagOf({ ...lag, bytes: null, seconds: null, secondsLeft: null })).toBe('shop: lag unknown, 13 of 14 tables ready')
  })

  test('in a log it comes every few seconds, and ends with its phase', () => {
    let text = ''
    let now = 0
    const reporter = lineReporter(
      { write: (more) => (text += more), styles: styles(false), size: undefined },
      { level: 'info', clock: () => now },
    )
    reporter.event?.({ type: 'phase-started', phase: 'status' })
    for (now = 0; now < 12; now++) reporter.event?.(lag)
    reporter.event?.({ type: 'phase-finished', phase: 'status', seconds: 12 })
    expect(text.split('\n').filter((line) => line.includes('behind'))).toHaveLength(2)
    expect(text.trimEnd()).toMatch(/✓ status 12\.0 s$/)
  })
})
