import { describe, expect, test } from 'vitest'
import { type Given, parseConfig } from '../../../src/config/parse.ts'

const urls = { source: 'postgresql://u:hunter2@a/d', target: 'postgresql://u:hunter2@b/d' }

function given(values: Given['values'] = {}, more: Partial<Given> = {}): Given {
  return {
    command: 'plan',
    values,
    environment: urls,
    onRunner: false,
    onTerminal: false,
    spell: (name) => `--${name}`,
    account: 'me',
    ...more,
  }
}

const file = (text: string) => ({ name: 'conf.toml', text })

describe('precedence: flag, environment, file, default', () => {
  test('URLs', () => {
    const { config } = parseConfig(given({ source: 'postgresql://u@flag/d' }), undefined)
    expect([config?.source.hosts[0].host, config?.target.hosts[0].host]).toEqual(['flag', 'b'])
  })

  test('options', () => {
    expect(parseConfig(given(), undefined).config?.jobs).toBeUndefined()
    expect(parseConfig(given(), file('jobs = 3')).config?.jobs).toBe(3)
    expect(parseConfig(given({ jobs: '5' }), file('jobs = 3')).config?.jobs).toBe(5)
    expect(parseConfig(given({ 'drop-existing': 'false' }), file('drop_existing = true')).config?.dropExisting).toBe(false)
  })

  test("an include of the entry stands for the file's; the rest adds up, the entry's first", () => {
    const text = 'include_databases = ["x"]\nexclude_databases = ["y"]\n[databases.d]\ninclude_tables = ["a"]\nexclude_tables = ["b"]'
    const { config } = parseConfig(
      given({ 'include-databases': 'p', 'exclude-databases': 'q', 'include-tables': 'd.public.t', 'exclude-tables': ['r,s'] }),
      file(text),
    )
    expect(config?.scope.includeDatabases.map((one) => one.text)).toEqual(['p'])
    expect(config?.scope.excludeDatabases.map((one) => one.text)).toEqual(['q', 'y'])
    expect(config?.scope.includeTables.map((one) => one.text)).toEqual(['d.public.t'])
    expect(config?.scope.excludeTables.map(({ text: name, position }) => [name, position !== undefined])).toEqual([
      ['r', false],
      ['s', false],
      ['b', true],
    ])
  })
})

describe('the config file', () => {
  test("the original tool's files work unchanged", () => {
    const { config, problems } = parseConfig(
      given(),
      file(`
[databases.mydb]
schema_only = ["analytics.evmlog_strides", "reporting.archive"]
[[databases.mydb.table_filters]]
table = "events"
schema = "analytics"
where = "created_at > NOW() - INTERVAL '90 days'"
[[databases.mydb.table_filters]]
table = "analytics.clicks"
where = "true"
[[databases.mydb.time_filters]]
table = "metrics"
column = "timestamp"
last = "6 months"
`),
    )
    expect(problems).toEqual([])
    expect(config?.scope.schemaOnlyTables.map(({ text, database }) => [database, text])).toEqual([
      ['mydb', 'analytics.evmlog_strides'],
      ['mydb', 'reporting.archive'],
    ])
    expect(config?.scope.tableFilters.map(({ table }) => table.parts.map(({ text }) => text))).toEqual([
      ['analytics', 'events'],
      ['analytics', 'clicks'],
    ])
    expect(config?.scope.timeFilters[0]).toMatchObject({
      table: { database: 'mydb', position: { file: 'conf.toml', line: 11, column: 3 } },
      column: 'timestamp',
      window: { count: 6, unit: 'month' },
    })
  })

  test('every mistake at once, each with its place', () => {
    const { config, problems } = parseConfig(
      given(),
      file(`jobs = "many"
drop_existing = 3
  include_table = ["a"]
source = "postgresql://u:hunter2@h/d"

[databases."my db"]
schema_only = [
  "fine",
  "a.b.c",   # a comment
]
time_filters = [{ table = "t", column = "c", last = "1.5 days" }]

[[databases."my db".table_filters]]
table = "t"
were = "x"
`),
    )
    expect(config).toBeUndefined()
    expect(problems.map(({ position, code }) => `${position?.line}:${position?.column} ${code}`).sort()).toEqual([
      '11:46 filter-invalid',
      '13:3 config-invalid',
      '15:1 config-invalid',
      '1:1 config-invalid',
      '2:1 config-invalid',
      '3:3 config-invalid',
      '4:1 config-invalid',
      '9:3 config-invalid',
    ])
    expect(problems.find(({ message }) => message.startsWith('include_table '))?.hint).toBe('Did you mean include_tables?')
    expect(problems.find(({ message }) => message.includes('were'))?.hint).toBe('Did you mean where?')
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  test('what is no TOML', () => {
    const { problems } = parseConfig(given(), file('jobs = 1\nsource = "postgresql://u:hunter2@h/d\n'))
    expect(problems).toMatchObject([{ code: 'config-invalid', position: { file: 'conf.toml', line: 2 } }])
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })
})

describe('mistakes', () => {
  test('all of the entry, the environment and the file, at once', () => {
    const wrong = given(
      { jobs: '900', 'time-budget': 'long', 'table-filters': ['t', 'u'], target: 'nonsense' },
      { environment: { source: undefined, target: undefined } },
    )
    const { problems } = parseConfig(wrong, file('job = 1'))
    expect(problems.map(({ code }) => code)).toEqual([
      'filter-invalid',
      'filter-invalid',
      'usage',
      'usage',
      'config-invalid',
      'usage',
      'url-invalid',
    ])
  })

  test.each(['', 'pln', 'postgresql://u:hunter2@h/d'])('the command %j', (command) => {
    const { problems } = parseConfig(given({}, { command }), undefined)
    expect(problems).toMatchObject([{ code: 'usage' }])
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  test('an input of no meaning for the command is a warning', () => {
    const { config, warnings } = parseConfig(given({ 'drop-existing': true }, { command: 'verify' }), undefined)
    expect(config).toBeDefined()
    expect(warnings).toMatchObject([{ code: 'usage', message: '--drop-existing has no meaning for verify' }])
  })
})

describe('options to come', () => {
  test('are refused where they are asked for', () => {
    const asked = { 'pr-comment': 'true', 'approved-plan': 'abc' }
    expect(parseConfig(given(asked), undefined).problems.map(({ code }) => code)).toEqual(Array(2).fill('option-unavailable'))
  })
  test('are accepted where they ask for the default', () => {
    expect(parseConfig(given({ 'pr-comment': 'false' }), undefined).problems).toEqual([])
  })
  test('in a file count for the commands that heed them', () => {
    const asked = file('pr_comment = true')
    expect(parseConfig(given({}, { command: 'init' }), asked).problems).toEqual([])
    expect(parseConfig(given({}, { command: 'plan' }), asked).problems).toMatchObject([{ code: 'option-unavailable' }])
  })
})

test('foreign keys are followed by whatever command, as flag or file say', () => {
  const follows = (values: Parameters<typeof given>[0], asked?: Parameters<typeof parseConfig>[1]) =>
    parseConfig(given(values, { command: 'verify' }), asked).config?.scope.followForeignKeys
  expect([follows({}), follows({ 'follow-foreign-keys': true }), follows({}, file('follow_foreign_keys = true'))]).toEqual([
    false,
    true,
    true,
  ])
  expect(follows({ 'follow-foreign-keys': 'false' }, file('follow_foreign_keys = true'))).toBe(false)
})

describe('options of replication', () => {
  test('have defaults', () => {
    expect(parseConfig(given({}, { command: 'init' }), undefined).config).toMatchObject({
      snapshotOnly: false,
      maxLagBytes: undefined,
      replicaIdentity: 'refuse',
      sourceFromTarget: undefined,
      subscriptionCredentials: 'inline',
      heartbeat: true,
      maxHold: 0.5,
    })
  })
  test('are parsed', () => {
    const asked = {
      'max-lag-bytes': '16MB',
      'max-lag-seconds': '1.5',
      wait: '5m',
      'replica-identity': 'insert-only',
      'source-from-target': '10.0.0.5:5433',
      'subscription-credentials': 'passfile',
      heartbeat: 'off',
      'max-hold': '0',
    }
    expect(parseConfig(given(asked, { command: 'replicate' }), undefined).config).toMatchObject({
      maxLagBytes: 16n * 1024n * 1024n,
      maxLagSeconds: 1.5,
      wait: 300,
      replicaIdentity: 'insert-only',
      sourceFromTarget: { host: '10.0.0.5', port: 5433 },
      subscriptionCredentials: 'passfile',
      heartbeat: false,
      maxHold: 0,
    })
  })
  test('are checked', () => {
    expect(parseConfig(given({ 'max-lag-bytes': 'lots', 'source-from-target': 'a:b' }), undefined).problems).toMatchObject([
      { code: 'usage' },
      { code: 'usage' },
    ])
  })
})

test('secrets are known even when nothing else is right', () => {
  const { secrets } = parseConfig(
    given({ jobs: 'x', 'github-token': 'ghs_token' }, { environment: { source: 'postgresql://u:hunter2@h/d?x', target: undefined } }),
    undefined,
  )
  expect(secrets).toEqual(expect.arrayContaining(['hunter2', 'ghs_token', 'postgresql://u:hunter2@h/d?x']))
})

test('watching takes a terminal: elsewhere it would never end', () => {
  const watching = (more: Partial<Given>) => parseConfig(given({ watch: 'true' }, { command: 'status', ...more }), undefined)
  expect(watching({ onTerminal: true })).toMatchObject({ config: { watch: true }, warnings: [] })
  expect(watching({ onTerminal: false })).toMatchObject({ config: { watch: false }, warnings: [{ code: 'usage' }] })
})

describe('what is given without naming anything is no wish for everything', () => {
  test.each(['include-databases', 'include-tables', 'table-filters', 'time-filters'])('--%s', (name) => {
    for (const empty of ['', ' \n ', '# all of them', ['', ' ']]) {
      const { problems } = parseConfig(given({ [name]: empty }), undefined)
      expect(problems).toMatchObject([{ code: 'usage', message: expect.stringContaining(`--${name}: it's given, but names nothing`) }])
    }
  })

  test('in the file', () => {
    const { problems } = parseConfig(
      given(),
      file('include_databases = []\ninclude_tables = ["# a", ""]\n[databases.d]\ninclude_tables = []'),
    )
    expect(problems.map(({ message, position }) => `${position?.line} ${message.slice(0, message.indexOf(':'))}`)).toEqual([
      '1 include_databases',
      '2 include_tables',
      '4 databases.d.include_tables',
    ])
  })

  test('what takes something away may be empty', () => {
    expect(parseConfig(given({ 'exclude-tables': '', 'schema-only-tables': [''] }), file('exclude_databases = []')).problems).toEqual([])
  })
})
