import { expect, test } from 'vitest'
import { previewResult } from '../../src/commands/preview-result.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { observeFilters } from '../../src/engine/observe/observe-filters.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { exitCodeOf } from '../../src/run.ts'
import { clientTools } from '../support/client-tools.ts'
import { databasePair } from '../support/database-pair.ts'
import { commandLine, commandLineConfig } from '../support/entries.ts'
import { originalCommandLines } from '../support/original-command-lines.ts'
import { query } from '../support/query.ts'
import { contractDatabase, createDatabases, selectionDatabases } from '../support/selection-databases.ts'

test("every command line of the original's README chooses what it says", async (context) => {
  const { signal } = context
  const pair = await databasePair(context, { own: true, exactName: 'unrelated', createTarget: false })
  await createDatabases(pair.source.server, selectionDatabases)
  const configOf = (flags: readonly string[]) => {
    const words = ['plan', '--snapshot-only', '--client-tools', clientTools(pair.source.server.major), ...flags]
    return commandLineConfig(words, { urls: { source: pair.source.server.url(), target: pair.target.server.url() } })
  }
  // Both servers' catalogs are the same for all of them.
  const observed = await observe(await configOf([]), () => {}, signal)
  const moment = { systemIdentifier: observed.source.systemIdentifier, now: '2026-05-31 12:00:00+00' }
  for (const { flags, databases, rules, filters = {} } of originalCommandLines) {
    const about = flags.join(' ')
    const config = await configOf(flags)
    const plan = makePlan(config, { ...observed, databases: await observeFilters(config, observed.databases, moment, signal) })
    const result = previewResult('plan', plan, new Date())
    expect(result, about).toMatchObject({ outcome: 'done', problems: [] })
    const names = result.databases.map(({ name }) => name)
    expect(
      names.filter((name) => name !== 'unrelated'),
      about,
    ).toEqual(databases)
    expect(notWhole(result), about).toEqual(rules)
    expect(usedFilters(result), about).toEqual(filters)
  }
})

test('what they copy is what verify compares: a row beyond a filter is found', async (context) => {
  const pair = await databasePair(context, { own: true, exactName: 'unrelated', createTarget: false })
  await createDatabases(pair.source.server, { ...copied(), mydb: contractDatabase })
  const flags = [
    ...['--client-tools', clientTools(pair.source.server.major), '--include-databases', 'myapp,analytics,mydb'],
    ...['--exclude-tables', 'myapp.logs', '--schema-only-tables', 'myapp.audit_logs,analytics.public.evmlog_strides'],
    ...[
      '--table-filter',
      "output:series_time >= NOW() - INTERVAL '6 months'",
      '--table-filter',
      "transactions:status IN ('active','pending')",
    ],
    ...[
      '--table-filter',
      "analytics.public.events:created_at > NOW() - INTERVAL '90 days'",
      '--time-filter',
      'myapp.metrics:created_at:6 months',
    ],
    ...['--time-filter', 'billing_events:event_time:1 year', '--time-filter', 'analytics.public.metrics:created_at:6 months'],
  ]
  const asked = { pair, file: originalFile }
  expect(await commandLine(['init', '--snapshot-only', ...flags], asked)).toMatchObject({ outcome: 'done', problems: [] })
  expect(await commandLine(['verify', ...flags], asked)).toMatchObject({ outcome: 'done', problems: [] })
  const target = (database: string, sql: string) => query(pair.target.server.url(database), sql)
  for (const [table, count] of Object.entries(left)) {
    const [database = '', name = ''] = table.split(':')
    expect(await target(database, `select count(*) as count from ${name}`), table).toEqual([{ count: String(count) }])
  }
  expect(await target('myapp', "select to_regclass('logs') as logs")).toEqual([{ logs: null }])

  for (const [database, sql] of Object.entries(planted)) await target(database, sql)
  const found = await commandLine(['verify', ...flags], asked)
  expect(found.outcome).toBe('different')
  expect(exitCodeOf(found, undefined)).toBe(3)
  const results = found.databases.flatMap(({ name, tables }) =>
    tables.flatMap(({ verify, ...table }) => (verify?.result === 'different' ? [`${name}:${table.schema}.${table.name}`] : [])),
  )
  expect(results.toSorted()).toEqual(
    Object.keys(left)
      .filter((one) => !one.includes('evmlog_strides') && !one.includes('archive') && !one.includes('audit_logs'))
      .toSorted(),
  )
  // What has no rows to compare says so.
  const skipped = found.databases.flatMap(({ name, tables }) =>
    tables.flatMap(({ verify, rule, ...table }) => (verify?.result === 'skipped' ? [[`${name}.${table.name}`, rule, verify.reason]] : [])),
  )
  expect(skipped.toSorted()).toEqual(
    [
      ['analytics.evmlog_strides', 'schema-only', 'schema only: its rows are not replicated'],
      ['mydb.archive', 'schema-only', 'schema only: its rows are not replicated'],
      ['mydb.evmlog_strides', 'schema-only', 'schema only: its rows are not replicated'],
      ['myapp.audit_logs', 'schema-only', 'schema only: its rows are not replicated'],
      ['myapp.logs', 'excluded', 'excluded'],
    ].toSorted(),
  )
})

const copied = () => ({ myapp: selectionDatabases['myapp'] ?? '', analytics: selectionDatabases['analytics'] ?? '' })

const originalFile = `
[databases.mydb]
schema_only = ["analytics.evmlog_strides", "reporting.archive"]
[[databases.mydb.table_filters]]
table = "events"
schema = "analytics"
where = "created_at > NOW() - INTERVAL '90 days'"
[[databases.mydb.time_filters]]
table = "metrics"
column = "timestamp"
last = "6 months"

[[databases.myapp.table_filters]]
table = "orders"
where = "created_at > NOW() - INTERVAL '130 days'"
[[databases.myapp.table_filters]]
table = "users"
where = "id IN (SELECT user_id FROM orders WHERE created_at > NOW() - INTERVAL '40 days')"
`

/** Rows that come along, of nine. */
const left: Readonly<Record<string, number>> = {
  'myapp:public.output': 4,
  'myapp:public.transactions': 6,
  'myapp:public.metrics': 4,
  'myapp:public.billing_events': 5,
  'myapp:public.orders': 4,
  'myapp:public.users': 1,
  'myapp:public.audit_logs': 0,
  'analytics:public.output': 4,
  'analytics:public.events': 4,
  'analytics:public.metrics': 4,
  'analytics:public.evmlog_strides': 0,
  'mydb:analytics.events': 4,
  'mydb:public.metrics': 4,
  'mydb:analytics.evmlog_strides': 0,
  'mydb:reporting.archive': 0,
}

/** On the target, beyond each filter; the same key as a row of the source that was left behind, or a new one. */
const planted: Readonly<Record<string, string>> = {
  myapp: `
    insert into output values (9, now() - interval '405 days'); insert into transactions values (77, 'closed');
    insert into metrics values (77, '2001-01-01'); insert into billing_events values (77, '2001-01-01'); insert into orders values (9, 1, '2001-01-01');
    insert into users values (9, 'user 9'); insert into audit_logs values (1, 'line')`,
  analytics: `
    insert into output values (77, '2001-01-01'); insert into events values (77, '2001-01-01'); insert into metrics values (77, '2001-01-01', '2001-01-01')`,
  mydb: `insert into analytics.events values (77, '2001-01-01'); insert into metrics values (77, '2001-01-01')`,
}

/** Rules of tables that aren't copied whole, as `database.table` (schema public) or `database.schema.table`. */
function notWhole({ databases }: CommandResult): Record<string, string> {
  return Object.fromEntries(
    databases.flatMap(({ name, tables }) =>
      tables.flatMap((table) => (table.rule === 'copy' ? [] : [[spelled(name, table), table.rule] as const])),
    ),
  )
}

function usedFilters({ databases }: CommandResult): Record<string, string> {
  return Object.fromEntries(
    databases.flatMap(({ name, tables }) =>
      tables.flatMap((table) => (table.filter === undefined ? [] : [[spelled(name, table), table.filter.used] as const])),
    ),
  )
}

function spelled(database: string, { schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === 'public' ? `${database}.${name}` : `${database}.${schema}.${name}`
}
