import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { outputNames } from '../../src/report/actions-outputs.ts'
import { reportSchema } from '../../src/report/report-schema.ts'
import { runner } from '../support/action.ts'
import { databasePair, type TestDatabase } from '../support/database-pair.ts'
import { query } from '../support/query.ts'

const password = `p@ss:w/o\\r'd %2A"&<`

/** Roles whose password every spelling of ours must survive and none may show. */
async function shop(context: TestContext) {
  const pair = await databasePair(context, { exactName: 'shop', own: true, createTarget: false })
  await pair.source.query('create table film (id int primary key, title text)')
  await pair.source.query(`insert into film select i, 'film ' || i from generate_series(1, 1000) i`)
  for (const server of [pair.source.server, pair.target.server]) {
    await query(server.url(), `create role app superuser login password '${password.replaceAll("'", "''")}'`)
  }
  const credentials = { user: 'app', password }
  return { ...pair, urls: { source: pair.source.server.url('shop', credentials), target: pair.target.server.url('postgres', credentials) } }
}

function expectNoSecret(text: string): void {
  const shown = text.replaceAll(/^::add-mask::.*$/gm, '')
  for (const piece of ['ss:w', 'ss%3Aw', 'w/o', 'w%2Fo', '%2A"', '%252A']) expect(shown).not.toContain(piece)
}

const rowsOf = async (database: TestDatabase) => (await database.query<{ count: string }>('select count(*) from film'))[0]?.count

test('plan, init and verify as a workflow runs them', async (context) => {
  const { source, target, urls } = await shop(context)
  const { step, temporary } = await runner(context)

  const planned = await step({ ...urls, command: 'plan', 'include-databases': 'shop', 'snapshot-only': 'true' })
  expect(planned.code, planned.output).toBe(0)
  expect(planned.outputs).toMatchObject({ outcome: 'done', 'has-work': 'true', matrix: '{"include":[{"database":"shop"}]}' })
  expect(planned.summary).toContain('<code>public.film</code>')

  const copied = await step({ ...urls, command: 'init', 'include-databases': '# all of it\nshop', 'snapshot-only': 'true' })
  expect(copied.code, copied.output).toBe(0)
  expect(Object.keys(copied.outputs)).toEqual(outputNames)
  expect(copied.outputs).toMatchObject({
    outcome: 'done',
    complete: 'true',
    'rows-copied': '1000',
    'remaining-tables': '0',
    'has-work': 'false',
  })
  expect(copied.outputs['plan-digest']).toBe(planned.outputs['plan-digest'])
  expect(copied.output).toMatch(/::group::copy of shop\n[^]*::endgroup::/)
  expect(copied.summary).toContain('## ✅ init: 1 table copied')
  expect(await rowsOf(target)).toBe(await rowsOf(source))
  const report = reportSchema.parse(JSON.parse(await readFile(copied.outputs['report-path'] ?? '', 'utf8')))
  expect(report).toMatchObject({
    command: 'init',
    outcome: 'done',
    databases: [{ name: 'shop', tables: [{ table: 'film', copiedRows: 1000 }] }],
  })
  expect(copied.outputs['report-path']?.startsWith(temporary)).toBe(true)

  const equal = await step({ ...urls, command: 'verify', 'include-databases': 'shop' })
  expect(equal.code, equal.output).toBe(0)
  await target.query(`update film set title = 'another' where id = 7`)
  const different = await step({ ...urls, command: 'verify', 'include-databases': 'shop' })
  expect(different.code, different.output).toBe(3)
  expect(different.outputs).toMatchObject({ outcome: 'different', 'tables-verified': '1', 'tables-different': '1' })

  for (const one of [planned, copied, equal, different]) expectNoSecret(JSON.stringify(one).replaceAll('\\n', '\n'))
})

test('secrets are masked before anything else is said, in every spelling', async (context) => {
  const { urls } = await shop(context)
  const { output } = await (await runner(context)).step({ ...urls, command: 'validate', 'include-databases': 'shop' })
  const lines = output.split('\n')
  const firstOther = lines.findIndex((line) => !line.startsWith('::add-mask::'))
  const masks = lines.slice(0, firstOther).map((line) => line.replace('::add-mask::', '').replaceAll('%25', '%'))
  for (const form of [urls.source, password, encodeURIComponent(password), password.replaceAll("'", "''")]) expect(masks).toContain(form)
  expect(lines.slice(firstOther).join('\n')).not.toContain('::add-mask::')
})

test('a rejected step sets its outputs, annotates, and says where in the config file', async (context) => {
  const { step, workspace } = await runner(context)
  await writeFile(join(workspace, 'replicate.toml'), 'jobs = 2\nincldue_tables = ["a"]\n')
  const { code, output, outputs, summary } = await step({
    command: 'plan',
    config: 'replicate.toml',
    source: 'postgresql://u:hunter2@h/d',
    jobs: 'x',
  })
  expect(code).toBe(2)
  expect(outputs).toMatchObject({ outcome: 'rejected', complete: 'false', matrix: '{"include":[]}', 'has-work': 'false' })
  expect(output).toMatch(
    /::error title=config-invalid,file=replicate\.toml,line=2,col=1::incldue_tables is unknown%0ADid you mean include_tables\?/,
  )
  expect(output).toMatch(/::error title=usage::jobs: expected a whole number/)
  expect(output).toMatch(/::error title=usage::the target's connection URL is missing/)
  expect(summary).toContain('## 🚫 plan was rejected: 3 problems')
  expect(JSON.stringify([outputs, summary])).not.toContain('hunter2')
})

for (const [command, code] of [
  ['', 'usage'],
  ['demo', 'command-unavailable'],
  ['cutover', 'command-unavailable'],
] as const) {
  test(`the command "${command}" is refused`, async (context) => {
    const step = await (await runner(context)).step({ command })
    expect(step.code).toBe(2)
    expect(step.output).toContain(`::error title=${code}::`)
  })
}

test('text from the database drives neither log, annotations nor summary', async (context) => {
  const { source, urls } = await shop(context)
  await source.query('create table "::set-output name=x::##[error]y\n::error::z<img src=x>" (id int)')
  await source.query('create unlogged table "u\n::warning::z" (id int)')
  const { step } = await runner(context)
  for (const command of ['validate', 'plan', 'init']) {
    const { output, summary, code } = await step({
      ...urls,
      command,
      'snapshot-only': 'true',
      'include-databases': 'shop',
      'log-level': 'debug',
    })
    expect(code, output).toBe(0)
    const commands = output
      .split('\n')
      .filter((line) => /^\s*::/.test(line))
      .map((line) => /^\s*::([\w-]+)/.exec(line)?.[1])
    expect(new Set(commands.filter((name) => !['add-mask', 'group', 'endgroup', 'warning'].includes(name ?? '')))).toEqual(new Set())
    expect(output).not.toContain('##[')
    expect(output).not.toMatch(/^::warning::z/m)
    expect(summary).not.toContain('<img')
  }
})

test('the post step tells why there is no artifact, and never fails the job', async (context) => {
  const { step, workspace } = await runner(context)
  const report = join(workspace, 'report.json')
  const main = await step({ command: 'plan', report: 'report.json' })
  expect(main.state).toMatchObject({ post: 'yes', report, retention: '0' })
  const state = Object.fromEntries(Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value]))
  const without = await step({}, state)
  expect([without.code, without.output]).toEqual([0, 'The report is not uploaded: this runner has no artifacts.\n'])
  const enterprise = await step({}, { ...state, GITHUB_SERVER_URL: 'https://github.acme.example' })
  expect(enterprise.output).toMatch(/::warning::The report is not uploaded: GitHub Enterprise Server/)
  const broken = await step({}, { ...state, ACTIONS_RUNTIME_TOKEN: 'no.token.atall', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' })
  expect(broken.code).toBe(0)
  expect(broken.output).toMatch(/::warning::The report could not be uploaded/)
})

test('a cancelled step is over in time, and says how to go on', async (context) => {
  const { source, urls } = await shop(context)
  await source.query(`create table big as select i, repeat('x', 500) t from generate_series(1, 400000) i`)
  const one = await runner(context)
  await one.step({})
  await using command = one.start({ ...urls, command: 'init', 'snapshot-only': 'true', 'include-databases': 'shop' })
  await command.waitFor(/copying \d+ tables/)
  const started = performance.now()
  command.kill('SIGINT')
  const { code, outputs, summary } = await one.finish(command)
  expect(performance.now() - started).toBeLessThan(7500)
  expect(code).toBe(130)
  expect(outputs).toMatchObject({ outcome: 'interrupted', complete: 'false' })
  expect(summary).toContain('init was interrupted')
})
