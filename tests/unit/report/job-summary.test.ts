import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { problem } from '../../../src/errors.ts'
import { jobSummary } from '../../../src/report/job-summary/job-summary.ts'
import { Timeline } from '../../../src/report/job-summary/timeline.ts'
import { concern, copied, failure, hostileName, result, table, verified } from './sample.ts'

const markdown = new MarkdownIt({ html: true })

function timelineOf(names: readonly string[]): Timeline {
  const timeline = new Timeline()
  const start = Date.parse('2026-11-23T10:00:00Z')
  timeline.add({ type: 'phase-started', phase: 'copy', database: 'shop' }, start)
  for (const [index, name] of names.entries()) {
    const where = { database: 'shop', table: { schema: 'public', name } }
    timeline.add({ type: 'table-started', ...where, part: 0, parts: 1, estimatedBytes: 1n }, start + index)
    timeline.add({ type: 'table-finished', ...where, part: 0, parts: 1, rows: 1n, bytes: 1n, seconds: 30 }, start + 30_000)
    timeline.add({ type: 'indexes-started', ...where, count: 1 }, start + 30_000)
    timeline.add({ type: 'indexes-finished', ...where, count: 1, seconds: 10 }, start + 40_000)
  }
  timeline.add({ type: 'phase-finished', phase: 'copy', database: 'shop', seconds: 40 }, start + 40_000)
  timeline.add({ type: 'phase-started', phase: 'analyze', database: 'shop' }, start + 40_000)
  timeline.add({ type: 'phase-finished', phase: 'analyze', database: 'shop', seconds: 50 }, start + 90_000)
  return timeline
}

describe('says what happened', () => {
  test('plan: figures, a diagram of sizes, a row per table', () => {
    const text = jobSummary(
      result('plan', [table(), table({ name: 'actor', rule: 'schema-only' }), table({ name: 'city' })], {
        estimatedSeconds: 90,
        planDigest: 'abcdef',
        jobs: 4,
      }),
      new Timeline(),
    )
    expect(text).toMatch(/^## ✅ plan: 18 MB in 3 tables\n/)
    expect(text).toContain('about 2 min')
    expect(text).toContain('```mermaid')
    expect(text).toContain('"public.film (9 MB)" : 9437184')
    expect(text).toContain('<code>public.actor</code>')
  })

  test('init: what was copied, and when', () => {
    const text = jobSummary(result('init', [copied(), copied({ name: 'actor' })]), timelineOf(['film', 'actor']))
    expect(text).toMatch(/^## ✅ init: 2 tables copied\n/)
    expect(text).toContain('2,000')
    expect(text).toMatch(/ {2}public\.film :active, \d+, 30000ms\n {2}public\.film indexes :done, \d+, 10000ms/)
  })

  test('verify: differences first, both checksums of them', () => {
    const text = jobSummary(
      result('verify', [verified('equal', { name: 'a' }), verified('different', { name: 'z' })], { outcome: 'different' }),
      new Timeline(),
    )
    expect(text.indexOf('public.z')).toBeLessThan(text.indexOf('public.a'))
    expect(text).toContain('fedcba9876543210fedcba9876543210')
  })

  test('findings, with what to do and the SQL', () => {
    const text = jobSummary(result('init', [], { outcome: 'failed', problems: [failure], warnings: [concern] }), new Timeline())
    expect(text).toContain('→ Free some space.')
    expect(text).not.toContain('<a ')
    expect(text).toContain('<pre>select pg_terminate_backend(1);</pre>')
  })
})

test('codes lead to what they mean', () => {
  const text = jobSummary(result('init', [], { problems: [failure] }), new Timeline(), 'https://github.com/a/b/blob/v1/docs/errors.md')
  expect(text).toContain('<a href="https://github.com/a/b/blob/v1/docs/errors.md#copy-failed"><code>copy-failed</code></a>')
})

test('what is long is cut, and hides nothing else', () => {
  const long = problem('privilege-missing', 'm'.repeat(1e6), { hint: 'h'.repeat(1e6), sql: 's'.repeat(1e6) })
  const text = jobSummary(result('init', [], { problems: [long, failure] }), new Timeline())
  expect(text).toContain('disk full')
  expect(text.length).toBeLessThan(20_000)
})

describe('text from the database stays text', () => {
  const hostile = { name: hostileName, schema: hostileName }
  const trouble = problem('copy-failed', `${hostileName}\n\n\`\`\`\n# heading`, {
    relation: hostileName,
    hint: hostileName,
    sql: `a\n\n${hostileName}`,
  })
  const samples = {
    plan: result('plan', [table(hostile), table({ ...hostile, name: `${hostileName}2` })]),
    init: result('init', [copied(hostile), table({ ...hostile, failure: trouble })], { problems: [trouble], warnings: [] }),
    verify: result('verify', [verified('different', hostile)], {
      databases: [
        {
          name: hostileName,
          tables: [],
          schemaDifferences: [{ kind: 'different', object: 'view', identity: hostileName, source: 'a\n\n# b', target: hostileName }],
        },
      ],
    }),
  }
  test.each(Object.entries(samples))('%s', (_, sample) => {
    const html = markdown.render(jobSummary(sample, timelineOf([hostileName])))
    expect(html).not.toMatch(/<img|<a |<em>|<h1>|<li>|onerror=1>/)
    // GitHub's page is built from this: a blank line within a table would end it.
    expect(html.match(/<table>/g)?.length).toBe(html.match(/<\/table>/g)?.length)
    expect(html).not.toContain('&lt;td')
  })

  test('diagrams hold nothing that mermaid would read as its own', () => {
    const text = jobSummary(samples.init, timelineOf([hostileName]))
    for (const line of text.slice(text.indexOf('section tables'), text.lastIndexOf('```')).split('\n').slice(1, -1)) {
      expect(line).toMatch(/^ {2}[^:;#%"<>]+ :(active|done|crit), \d+, \d+ms$/)
    }
  })
})

describe('stays within what GitHub takes', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `${'long name '.repeat(5)}${index}`)
  test.each([
    ['plan', names.map((name) => table({ name }))],
    ['init', names.map((name, index) => (index === 19_999 ? table({ name: 'the one that failed', failure }) : copied({ name })))],
    ['verify', names.map((name) => verified('different', { name }))],
  ])('%s of 20,000 tables', (command, tables) => {
    const problems = names.slice(0, 5000).map((name) => problem('copy-failed', `${name} ${'x'.repeat(500)}`))
    const databases = Array.from({ length: 20 }, (_, index) => ({
      name: `db${index}`,
      tables: tables.slice(index * 1000, (index + 1) * 1000),
    }))
    const text = jobSummary(result(command, tables, { problems, databases }), timelineOf(names))
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    for (const [diagram] of text.matchAll(/```mermaid[^]*?```/g)) expect(diagram.length).toBeLessThan(50_000)
    expect(text).toContain('more problems in the report')
    expect(text).toContain('more tables in the report')
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  })

  test('a failure is shown however many tables there are', () => {
    const tables = names.map((name, index) => (index === 19_999 ? table({ name: 'failing', failure }) : copied({ name })))
    expect(jobSummary(result('init', tables, { outcome: 'failed', problems: [failure] }), new Timeline())).toContain('public.failing')
  })
})
