import { expect, test } from 'vitest'
import { jobSummary } from '../../../src/report/job-summary/job-summary.ts'
import { Timeline } from '../../../src/report/job-summary/timeline.ts'
import { toReport } from '../../../src/report/json.ts'
import { reportSchema } from '../../../src/report/report-schema.ts'
import { styles } from '../../../src/report/reporter.ts'
import { resultReporter } from '../../../src/report/result-text.ts'
import { hostileName, result, table } from './sample.ts'

const leftOut = [
  { object: 'view public.titles', needs: 'table public.film' },
  { object: `function public."${hostileName}"()`, needs: `view public."${hostileName}"` },
]

test('plan names what is left out on the terminal, in the summary and in the report', () => {
  const one = planned(leftOut)
  expect(shown(one)).toContain('\n– left out: view public.titles, which needs table public.film\n')
  const summary = jobSummary(one, new Timeline())
  expect(summary).toContain('<h3>Left out of <code>shop</code></h3>')
  expect(summary).toContain('<td><code>view public.titles</code></td><td><code>table public.film</code></td>')
  expect(reportSchema.parse(toReport(one)).databases[0]?.leftOut).toEqual(leftOut)
})

test('names of what is left out drive nothing', () => {
  const one = planned(leftOut)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(shown(one)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(jobSummary(one, new Timeline())).not.toContain('<img')
})

test('a long list is cut, and says where the rest is', () => {
  const many = Array.from({ length: 5000 }, (_, n) => ({ object: `view public.v${n}`, needs: 'table public.film' }))
  expect(shown(planned(many)).match(/left out: /g)).toHaveLength(100)
  expect(shown(planned(many))).toContain('and 4,900 more objects, all of them in the report')
  expect(jobSummary(planned(many), new Timeline())).toContain('more objects in the report')
})

function planned(objects: typeof leftOut) {
  return result('plan', [], { databases: [{ name: 'shop', tables: [table()], leftOut: objects }] })
}

function shown(one: ReturnType<typeof result>): string {
  let text = ''
  void resultReporter({ write: (more) => (text += more), styles: styles(false), size: undefined }).finished?.(one)
  return text
}
