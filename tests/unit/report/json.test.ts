import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outputNames, outputsOf, withoutSecrets } from '../../../src/report/actions-outputs.ts'
import { jsonReporter, toReport } from '../../../src/report/json.ts'
import { redactor } from '../../../src/report/redact.ts'
import { reportSchema } from '../../../src/report/report-schema.ts'
import { concern, copied, failure, hostileName, result, table, verified } from './sample.ts'

const samples = [
  result('validate', [], { outcome: 'rejected', source: null, target: null, problems: [failure], warnings: [concern] }),
  result('plan', [table({ name: hostileName })], { estimatedSeconds: null, planDigest: 'a', jobs: 2 }),
  result('init', [copied({ resumed: true }), table({ failure })]),
  result('verify', [verified('equal'), verified('different'), verified('skipped')], {
    databases: [
      {
        name: 'shop',
        tables: [verified('different')],
        largeObjects: { count: 1n, bytes: 2n, verify: 'equal' },
        schemaDifferences: [{ kind: 'missing', object: 'index', identity: 'a.b', source: 'x' }],
      },
    ],
  }),
]

test.each(samples)('$command is reported as the schema says', (sample) => {
  const report = toReport(sample)
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
})

test('the report is written whole, into folders that are made, and leaves nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  try {
    await jsonReporter(join(folder, 'a/b/report.json')).finished?.(result('init', [copied()]))
    expect(reportSchema.parse(JSON.parse(await readFile(join(folder, 'a/b/report.json'), 'utf8'))).databases[0]?.tables[0]).toMatchObject({
      table: 'film',
      bytes: 9_437_184,
      copiedRows: 1000,
    })
    expect(await readdir(join(folder, 'a/b'))).toEqual(['report.json'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('outputs: all of them, whatever happened', () => {
  for (const sample of samples) expect(Object.keys(outputsOf(sample, 'r.json'))).toEqual(outputNames)
  expect(outputsOf(result('plan', [table(), table({ rule: 'excluded' })]), 'r.json')).toMatchObject({
    outcome: 'done',
    complete: 'true',
    matrix: '{"include":[{"database":"shop"}]}',
    'has-work': 'true',
    'total-bytes': '9437184',
    'remaining-tables': '1',
  })
  expect(outputsOf(result('init', [copied(), table()], { outcome: 'to-be-continued' }), 'r.json')).toMatchObject({
    complete: 'false',
    'remaining-tables': '1',
    'rows-copied': '1000',
  })
  expect(outputsOf(result('verify', [verified('different')], { outcome: 'different' }), 'r.json')).toMatchObject({
    'tables-verified': '1',
    'tables-different': '1',
  })
  expect(outputsOf(result('validate', [], { outcome: 'rejected' }), 'r.json')).toMatchObject({
    complete: 'false',
    matrix: '{"include":[]}',
    'has-work': 'false',
  })
})

test('an output that would hold a masked string is left empty, and a matrix stays readable', () => {
  const outputs = outputsOf(result('plan', [table()]), '/tmp/shop.json')
  const { values, masked } = withoutSecrets(outputs, redactor(['shop']))
  expect(masked).toEqual(['report-path', 'matrix'])
  expect(values).toMatchObject({ 'report-path': '', matrix: '{"include":[]}', 'has-work': 'false', outcome: 'done' })
})
