import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import type { TableResult } from '../../src/plan/results.ts'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runOn, runVerify } from '../support/engine.ts'
import { type Selecting, selecting } from '../support/selecting.ts'

/** Copies and compares; every foreign key stands validated. Returns the rows of each table, by one column. */
async function copied(pair: DatabasePair, chosen: Selecting, columns: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const scope = selecting(pair, { follow: true, ...chosen })
  expect((await runInit(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runVerify(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
  const keys = `
    select conrelid::regclass::text || ' ' || conname as key
      from pg_constraint
     where contype = 'f' and conparentid = 0 and convalidated and connamespace <> coalesce(to_regnamespace('seren_replicator'), 0)
     order by 1`
  expect(await pair.target.query(keys)).toEqual(await pair.source.query(keys))
  const found: Record<string, string> = {}
  for (const [table, column] of Object.entries(columns)) {
    const [row] = await pair.target.query(
      `select coalesce(string_agg((${column})::text, ' ' order by ${column}), '') as rows from ${table}`,
    )
    found[table] = String(row?.['rows'])
  }
  return found
}

async function planned(pair: DatabasePair, chosen: Selecting, overrides: Partial<Config> = {}): Promise<readonly TableResult[]> {
  const scope = selecting(pair, { follow: true, ...chosen })
  const { result } = await runOn(pair, 'plan', { snapshotOnly: true, ...overrides, scope })
  expect(result.problems).toEqual([])
  return result.databases[0]?.tables ?? []
}

const staff = `
  create table country (code text primary key);
  create table team (id int primary key, lead int, country text references country);
  create table person (id bigint primary key, boss int, team int references team, badge int unique, unique (id, badge));
  alter table person add foreign key (boss) references person;
  alter table team add foreign key (lead) references person deferrable;
  create table note (id int primary key, about int, badge int, author int references person, signed int references person (badge),
    foreign key (about, badge) references person (id, badge) match full);
  insert into country values ('a'), ('b'), ('c'), ('d');
  insert into team values (1, null, 'a'), (2, null, 'b'), (3, null, null);
  insert into person select n, nullif(n / 2, 0), n % 3 + 1, n * 10 from generate_series(1, 40) n;
  update team set lead = 30 + id;
  insert into note values (1, null, null, null, null), (2, 9, 90, null, null), (3, null, null, 25, null), (4, null, null, null, 130), (5, 8, 80, 22, 70);
  analyze`

test('parents come along, theirs too, in circles and to themselves; from 12 to 15', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15 })
  await pair.source.query(staff)
  const filters = [
    ['note', 'id in (1, 4)'],
    ['person', 'id = 40'],
    ['team', 'false'],
    ['country', `code > 'b'`],
  ] as const
  const tables = await planned(pair, { filters })
  // 40 → 20 → 10 → 5 → 2 → 1, 13 → 6 → 3 → 1, then the teams of all these, whose leaders are 31 to 33, and theirs.
  const row = (name: string) => tables.find((one) => one.name === name)
  const along = `code > 'b', and 2 rows that selected rows refer to (team_country_fkey of public.team)`
  expect(row('country')).toMatchObject({ filter: { given: along, used: along } })
  expect(row('team')?.filter?.given).toBe('3 rows that selected rows refer to (person_team_fkey of public.person)')
  expect(await copied(pair, { filters }, { note: 'id', person: 'id', team: 'id', country: 'code' })).toEqual({
    note: '1 4',
    person: '1 2 3 4 5 6 7 8 10 13 15 16 20 31 32 33 40',
    team: '1 2 3',
    country: 'a b c d',
  })
})

test('tables that nobody included are pulled in with the rows that are referred to; from 15 to 18', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(staff)
  const chosen = { include: ['note'], filters: [['note', 'id = 5']] as [string, string][] }
  const without = await runOn(pair, 'plan', { snapshotOnly: true, scope: selecting(pair, chosen) })
  expect(without.result.databases[0]?.leftOut).toHaveLength(3)
  expect((await planned(pair, chosen)).map(({ name, rule, estimatedRows }) => `${name} ${rule} ${estimatedRows}`).sort()).toEqual([
    'country filtered 2',
    'note filtered 1',
    'person filtered 14',
    'team filtered 3',
  ])
  const columns = { note: 'id', person: 'id', team: 'id', country: 'code' }
  expect(await copied(pair, chosen, columns)).toEqual({
    note: '5',
    person: '1 2 3 4 5 7 8 11 15 16 22 31 32 33',
    team: '1 2 3',
    country: 'a b',
  })
  const verified = async (scope: Selecting) => (await runVerify(pair, { scope: selecting(pair, scope) })).result.outcome
  await pair.target.query("insert into country values ('z')")
  expect(await verified({ ...chosen, follow: true })).toBe('different')
})

test('partitions on both sides, odd names and types, keys to what stays without rows', async (context) => {
  const pair = await databasePair(context, { source: 18, target: 18 })
  await pair.source.query(
    `
    create extension citext;
    create schema "My Schema";
    create table "My Schema"."t.able" (a citext, "B b" int, primary key (a, "B b"));
    create table "My Schema".child (id int primary key, a citext, b int, foreign key (a, b) references "My Schema"."t.able");
    insert into "My Schema"."t.able" values ('One', 1), ('two', 2), ('three', 3), ('four', 4);
    insert into "My Schema".child values (1, 'ONE', 1), (2, 'Two', 2), (3, null, 3), (4, 'FOUR', 4);

    create table logs (id int, at int, unique (id, at)) partition by range (at);
    create table logs_1 partition of logs for values from (0) to (10);
    create table logs_2 partition of logs for values from (10) to (20) partition by list (id);
    create table logs_2_2 partition of logs_2 for values in (2);
    create table logs_2_3 partition of logs_2 default;
    create table notes (id int, at int, n int, foreign key (id, at) references logs) partition by list (n);
    create table notes_1 partition of notes for values in (1);
    create table notes_2 partition of notes for values in (2);
    insert into logs select n, n from generate_series(1, 19) n union all select 2, 15;
    insert into notes select n, n, n % 2 + 1 from generate_series(1, 19) n union all select 2, 15, 1 union all select null, 3, 1;

    create table room (id int4range, valid daterange, primary key (id, valid without overlaps));
    create table stay (n int, room int4range, during daterange, foreign key (room, period during) references room (id, period valid));
    insert into room select '[1,2)', daterange(day, day + 10) from generate_series(date '2024-01-01', '2024-03-01', '10 days') s(at), date(at) day;
    insert into stay values (1, '[1,2)', '[2024-01-08,2024-01-25)'), (2, '[1,2)', '[2024-02-01,2024-02-02)');

    create table kind (id int primary key);
    create table thing (id int primary key, kind int references kind, part_of int references thing);
    insert into kind values (1), (2);
    insert into thing values (1, null, null), (2, null, 1), (3, 1, 2)`.replaceAll('references logs', 'references logs (id, at)'),
  )
  const chosen: Selecting = {
    filters: [
      ['"My Schema"."t.able"', `a = 'three' -- of course`],
      ['"My Schema".child', 'id < 4'],
      ['logs', 'at = 4'],
      ['logs_2_3', 'id = 12'],
      ['notes_1', 'id < 7'],
      ['notes_2', 'id between 11 and 13'],
      ['room', `valid @> date '2024-02-15'`],
      ['stay', 'n = 1'],
      ['thing', 'id = 2'],
    ],
    schemaOnly: ['kind'],
  }
  expect(
    await copied(pair, chosen, { '"My Schema"."t.able"': 'a', logs: 'id * 100 + at', notes: 'id', room: 'lower(valid)', thing: 'id' }),
  ).toEqual({
    '"My Schema"."t.able"': 'One three two',
    logs: '202 215 404 606 1111 1313',
    notes: '2 2 4 6 11 13',
    room: '2024-01-01 2024-01-11 2024-01-21 2024-02-10',
    thing: '1 2',
  })
  const scope = selecting(pair, { ...chosen, follow: true, filters: [...(chosen.filters ?? []).slice(0, -1), ['thing', 'id = 3']] })
  const { result } = await runOn(pair, 'plan', { snapshotOnly: true, dropExisting: true, scope })
  expect(result.problems).toMatchObject([
    { code: 'foreign-key-unsatisfied', message: expect.stringMatching(/^1 row of public.thing refers to rows of public.kind/) },
  ])
})

test('replication cannot follow keys, and need not where nothing comes along', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(staff)
  const problems = async (chosen: Selecting) =>
    (await runOn(pair, 'plan', { scope: selecting(pair, { follow: true, ...chosen }) })).result.problems
  expect(await problems({ filters: [['person', 'id = 40']] })).toMatchObject([
    { code: 'row-filter-refused', relation: '"public"."person"', hint: expect.stringContaining('snapshot-only') },
  ])
  expect(await problems({ include: ['team', 'person', 'country'] })).toEqual([])
  const chosen: Selecting = { filters: [['person', 'id < 100']] }
  const tables = await planned(pair, chosen, { snapshotOnly: false })
  expect(tables.find(({ name }) => name === 'person')).toMatchObject({
    published: 'changes',
    filter: { given: 'id < 100', used: 'id < 100' },
  })
  const scope = selecting(pair, { follow: true, ...chosen })
  await expectDone(pair, 'init', { scope })
  await expectDone(pair, 'sync', { scope })
  // What is published is what is compared: this one comes without its author.
  await pair.source.query('insert into person (id) values (150); insert into note (id, author) values (9, 150)')
  await expectDone(pair, 'verify', { scope })
  await expectDone(pair, 'status', { scope })
  await expectRemoved(pair)
})
