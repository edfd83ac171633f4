import { expect, test } from 'vitest'
import type { CommandResult } from '../../src/plan/results.ts'
import { exitCodeOf } from '../../src/run.ts'
import { clientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { commandLine } from '../support/entries.ts'
import { query } from '../support/query.ts'
import { createDatabases } from '../support/selection-databases.ts'

/** The same names in two schemas of two databases. */
const tables = `
  create schema sales; create schema "My Schema";
  ${['public', 'sales', '"My Schema"']
    .map(
      (schema) => `
        create table ${schema}.orders (id int, at timestamptz, note text, primary key (id, at));
        create table ${schema}."t.able" (id int primary key, note text);
        create table ${schema}.logs (id int primary key);
        insert into ${schema}.orders select i, now() - i * interval '20 days', 'note' from generate_series(1, 9) i;
        insert into ${schema}."t.able" select i, 'note' from generate_series(1, 9) i;
        insert into ${schema}.logs select generate_series(1, 9)`,
    )
    .join(';')};
  create table parts (id int, note text, primary key (id)) partition by range (id);
  create table parts_low partition of parts for values from (0) to (5); create table parts_high partition of parts for values from (5) to (99);
  insert into parts select i, 'note' from generate_series(1, 9) i`

const file = `
include_databases = ["one", "two"]
exclude_tables = ["one.sales.logs"]
schema_only_tables = ["*.*.logs"]
time_filters = ["*.sales.orders:at:90 days"]

[databases.one]
exclude_tables = ['"My Schema".*']
[[databases.one.table_filters]]
table = 'public."t.able"'
where = "id between 1 and 5"
[[databases.one.table_filters]]
table = "parts_low"
where = "id <> 3"

[[databases.two.table_filters]]
table = '"My Schema".orders'
where = "at > now() - interval '50 days' and id < 100"
[[databases.two.table_filters]]
table = "parts"
where = "id > 2"
`
/** What stands for the file's filter of that table. */
const flags = ['--table-filter', 'two.public."t.able":id > 4', '--schema-only-table', 'two."My Schema"."t.able"']

/** Rows that come along, the changes below included. */
const left = {
  one: {
    ...{ 'public.orders': 9, 'public.t.able': 5, 'public.parts_low': 3, 'public.parts_high': 5 },
    ...{ 'sales.orders': 4, 'sales.t.able': 9 },
  },
  two: {
    ...{ 'public.orders': 9, 'public.t.able': 6, 'public.parts_low': 2, 'public.parts_high': 5 },
    ...{ 'sales.orders': 4, 'sales.t.able': 9, 'My Schema.orders': 2 },
  },
}

const rules = {
  one: {
    ...{
      'public.orders': 'copy',
      'public.t.able': 'filtered',
      'public.logs': 'schema-only',
      'sales.orders': 'filtered',
      'sales.t.able': 'copy',
    },
    ...{ 'sales.logs': 'excluded', 'My Schema.orders': 'excluded', 'My Schema.t.able': 'excluded', 'My Schema.logs': 'excluded' },
    ...{ 'public.parts': 'empty', 'public.parts_low': 'filtered', 'public.parts_high': 'copy' },
  },
  two: {
    ...{
      'public.orders': 'copy',
      'public.t.able': 'filtered',
      'public.logs': 'schema-only',
      'sales.orders': 'filtered',
      'sales.t.able': 'copy',
    },
    ...{ 'sales.logs': 'schema-only', 'My Schema.orders': 'filtered', 'My Schema.t.able': 'schema-only', 'My Schema.logs': 'schema-only' },
    ...{ 'public.parts': 'empty', 'public.parts_low': 'filtered', 'public.parts_high': 'filtered' },
  },
}

test('every command treats the same tables alike', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true, exactName: 'unrelated', createTarget: false })
  await createDatabases(pair.source.server, { one: tables, two: tables })
  const run = (command: string, ...more: string[]) => {
    const tools = ['--client-tools', clientTools(pair.source.server.major)]
    return commandLine([command, ...(['status', 'verify', 'cleanup'].includes(command) ? [] : tools), ...flags, ...more], { pair, file })
  }
  const done = async (command: string, ...more: string[]) => {
    const result = await run(command, ...more)
    expect(result, command).toMatchObject({ problems: [], outcome: 'done' })
    return result
  }
  for (const command of ['validate', 'plan', 'init']) expect(rulesOf(await done(command)), command).toEqual(rules)
  const filters = await publishedFilters(pair)
  const published = { one: followed('one'), two: followed('two') }
  expect(filters).toEqual(published)
  await done('sync')
  const status = await done('status', '--wait', '30s')
  const shown = status.databases.map(({ name, replication }) => [name, replication?.state.tables.map(nameOf).toSorted()])
  expect(Object.fromEntries(shown)).toEqual(mapped(published, (one) => Object.keys(one).toSorted()))
  expect(status.databases.map(({ replication }) => replication?.gaps)).toEqual([noGaps, noGaps])

  for (const database of ['one', 'two']) await query(pair.source.server.url(database), changes)
  const verified = await done('verify')
  expect(rulesOf(verified)).toEqual(rules)
  const compared = verified.databases.map(({ name, tables: all }) => {
    const equal = all.filter(({ verify }) => verify?.result === 'equal')
    return [name, Object.fromEntries(equal.map((one) => [nameOf(one), Number(one.verify?.sourceRows)]))]
  })
  expect(Object.fromEntries(compared)).toEqual(left)

  await query(pair.target.server.url('one'), 'insert into public."t.able" values (77, \'beyond the filter\')')
  await query(pair.target.server.url('two'), `insert into sales.orders values (77, '2001-01-01')`)
  const found = await run('verify', '--wait', '2s')
  expect([found.outcome, exitCodeOf(found, undefined)]).toEqual(['different', 3])
  const different = found.databases.flatMap(({ name, tables: all }) =>
    all.filter(({ verify }) => verify?.result === 'different').map((one) => `${name} ${nameOf(one)}`),
  )
  expect(different.toSorted()).toEqual(['one public.t.able', 'two sales.orders'])
  await done('cleanup')
  for (const database of ['one', 'two']) {
    const onSource = await query(
      pair.source.server.url(database),
      `select pubname from pg_publication union all select slot_name from pg_replication_slots`,
    )
    expect(onSource, database).toEqual([])
  }
  expect(await query(pair.target.server.url('one'), 'select subname from pg_subscription')).toEqual([])
})

const noGaps = { missing: [], drifted: [], keyless: [] }

const changes = `
  insert into public."t.able" values (105, 'beyond, or not'); update public."t.able" set note = 'changed' where id in (5, 9);
  insert into sales.orders values (11, now()), (12, '2001-01-01'); delete from sales.orders where id = 1`

/** Tables in publications of ours, with whether there's a filter. A partitioned table is published for its partitions. */
async function publishedFilters({ source }: DatabasePair) {
  const found = await Promise.all(
    ['one', 'two'].map(async (database) => {
      const rows = await query<{ table: string; filtered: string }>(
        source.server.url(database),
        `select n.nspname || '.' || c.relname as table, (r.prqual is not null)::text as filtered
           from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
          where n.nspname <> 'seren_replicator'`,
      )
      return [database, Object.fromEntries(rows.map(({ table, filtered }) => [table, filtered]))] as const
    }),
  )
  return Object.fromEntries(found)
}

function followed(database: 'one' | 'two'): Record<string, string> {
  const kept = Object.entries(rules[database]).filter(([, rule]) => rule === 'copy' || rule === 'filtered')
  return Object.fromEntries(kept.map(([table, rule]) => [table, String(rule === 'filtered')]))
}

function rulesOf({ databases }: CommandResult) {
  return Object.fromEntries(databases.map(({ name, tables: all }) => [name, Object.fromEntries(all.map((one) => [nameOf(one), one.rule]))]))
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

function mapped<From, To>(given: Readonly<Record<string, From>>, change: (one: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, change(one)]))
}
