import { expect, test } from 'vitest'
import { filterLines } from '../../../src/report/filter-text.ts'
import { jobSummary } from '../../../src/report/job-summary/job-summary.ts'
import { Timeline } from '../../../src/report/job-summary/timeline.ts'
import { toReport } from '../../../src/report/json.ts'
import { reportSchema } from '../../../src/report/report-schema.ts'
import { styles } from '../../../src/report/reporter.ts'
import { resultReporter } from '../../../src/report/result-text.ts'
import { widthOf } from '../../../src/report/width.ts'
import { hostileName, result, table } from './sample.ts'

const given = "created_at > NOW() - INTERVAL '90 days'"
const used = "created_at > '2026-08-25 10:00:00+00'::timestamp with time zone"
const events = table({ name: 'events', rule: 'filtered', filter: { given, used } })
const orders = table({ schema: 'sales', name: 'orders', rule: 'filtered', filter: { given: 'id < 5', used: 'id < 5' } })

test('both texts of each filter, aligned', () => {
  expect(filterLines([events, table(), orders], 100, styles(false))).toEqual([
    'filter         rows that come along',
    `public.events  ${given}`,
    `             → ${used}`,
    'sales.orders   id < 5',
  ])
})

test.each(['validate', 'plan', 'init', 'replicate'])('%s shows them on the terminal and in the summary, whole in the report', (command) => {
  const long = `id in (${Array.from({ length: 5000 }, (_, id) => id).join(', ')})`
  const big = table({ name: 'big', rule: 'filtered', filter: { given: long, used: long } })
  const one = result(command, [events, big])
  expect(shown(one)).toContain(`public.events  ${given}\n             → ${used}\n`)
  expect(shown(one)).toContain(`… (${long.length.toLocaleString('en-US')} characters, all of them in the report)`)
  const summary = jobSummary(one, new Timeline())
  expect(summary).toContain('<td><code>public.events</code></td><td><code>created_at &#62; NOW() - INTERVAL &#39;90 days&#39;</code></td>')
  expect(summary).toContain('timestamp with time zone</code></td></tr>')
  const report = toReport(one)
  expect(reportSchema.parse(report).databases[0]?.tables).toMatchObject([{ filter: { given, used } }, { filter: { given: long } }])
})

test('nothing is wider than the terminal, nothing drives it, and what is left out is said', () => {
  const odd = ['x'.repeat(5000), `a\n-- ${hostileName}\n or\tb`, '日本語 '.repeat(400), `${'word '.repeat(30)}end`, ' '.repeat(5000)]
  const tables = [hostileName, 'n', '日'.repeat(20)].flatMap((name) =>
    odd.map((text) => table({ name, rule: 'filtered', filter: { given: text, used: text } })),
  )
  for (const columns of [40, 80, 200]) {
    const lines = filterLines(tables, columns, styles(false))
    // Escapes of what was cut add a little.
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(Math.max(columns, 95))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  }
  const [, ...wrapped] = filterLines(tables.slice(8, 9), 60, styles(false))
  expect(wrapped.join(' ').replaceAll(/\s+/g, ' ')).toContain(`${'word '.repeat(30)}end`)
  expect(filterLines(tables.slice(5, 6), 60, styles(false)).at(-1)).toContain('5,000 characters')
})

test('without a filter nothing is said of any', () => {
  expect(shown(result('validate', [table()]))).not.toContain('film')
  expect(shown(result('plan', [table()]))).not.toContain('rows that come along')
  expect(jobSummary(result('plan', [table()]), new Timeline())).not.toContain('filter')
})

function shown(one: ReturnType<typeof result>): string {
  let text = ''
  void resultReporter({ write: (more) => (text += more), styles: styles(false), size: undefined }).finished?.(one)
  return text
}
