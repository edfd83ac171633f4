import { expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { openObserver } from '../../src/engine/observe/open-observer.ts'
import { readRelations } from '../../src/pg/catalog/relations.ts'
import { databasePair } from '../support/database-pair.ts'
import { sessionOn } from '../support/session.ts'

const tables = `
create domain label as text check (value <> '');
create domain shape as json;
create type mood as enum ('sad', 'happy');
create type pair as (a int, b mood);
create type blob as (a int, b json);
create type nested as (a blob);
create table with_key (id int primary key, j json);
create table wide_key (a int, b label, c text, primary key (b, a));
create table without_key (a int);
create table deferrable_key (a int primary key deferrable);
create table of_index (a int not null, b int not null unique, c text);
alter table of_index replica identity using index of_index_b_key;
create table of_lost_index (a int not null unique);
alter table of_lost_index replica identity using index of_lost_index_a_key;
alter table of_lost_index drop constraint of_lost_index_a_key;
create table nothing (a int primary key);
alter table nothing replica identity nothing;
create table full_row (a int, b text[], c mood, d label, e pair, f int4range, g varchar(3), h xid, i mood[], j tsvector, k name, l daterange[], m int2vector);
alter table full_row replica identity full;
create table full_of_others (a json, b xml, c point, d json[], e shape, f blob, g nested[], h shape[], i jsonpath, j box, k jsonb, l circle, m polygon);
alter table full_of_others replica identity full;
create table computed (a int, b int generated always as (a + 1) stored primary key);
create table full_and_computed (a int, b int generated always as (a + 1) stored);
alter table full_and_computed replica identity full;
create table parent (a int primary key, b json) partition by range (a);
create table leaf partition of parent for values from (0) to (10)`

const columnsOfFull = `
  select c.relname as name, string_agg(a.attname, ' ') as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
   where c.relreplident = 'f'
   group by c.relname`

test.for<ServerMajor>([12, 15, 18])('the identity of rows on %i is the one that the server goes by', async (major, context) => {
  const pair = await databasePair(context, { source: major })
  await pair.source.query(tables)
  await using session = await sessionOn(pair.source.url)
  const relations = new Map((await readRelations(session)).map((one) => [one.name, one]))
  const identities = [...relations].map(([name, { identityColumns }]) => [name, identityColumns])
  expect(Object.fromEntries(identities)).toEqual({
    with_key: ['id'],
    wide_key: ['a', 'b'],
    without_key: null,
    deferrable_key: null,
    of_index: ['b'],
    of_lost_index: null,
    nothing: null,
    full_row: expect.arrayContaining(['a', 'm']),
    full_of_others: expect.arrayContaining(['a', 'm']),
    computed: ['b'],
    full_and_computed: ['a', 'b'],
    parent: null,
    leaf: ['a'],
  })
  const incomparable = [...relations].flatMap(([name, { incomparableColumns: columns }]) => (columns.length > 0 ? [[name, columns]] : []))
  expect(Object.fromEntries(incomparable)).toEqual({
    with_key: ['j'],
    full_of_others: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'l', 'm'],
    leaf: ['b'],
  })
  const keys = ['with_key', 'without_key', 'deferrable_key'].map((name) => relations.get(name)?.primaryKey)
  expect(keys).toEqual(['immediate', 'none', 'deferrable'])

  // The server itself, as apply compares: by record_eq.
  await pair.source.query(
    'insert into full_row default values; insert into full_of_others default values; insert into full_and_computed default values',
  )
  for (const { name, columns } of await pair.source.query<{ name: string; columns: string }>(columnsOfFull)) {
    for (const column of columns.split(' ')) {
      const equal = pair.source.query(`select x = x from (select ${column} from ${name}) x`)
      const comparable = await equal.then(
        () => true,
        () => false,
      )
      expect([name, column, comparable]).toEqual([name, column, !relations.get(name)?.incomparableColumns.includes(column)])
    }
  }

  // And what it refuses of each as it's published.
  await pair.source.query('create publication every_change for all tables')
  const refused: string[] = []
  for (const { name, kind } of relations.values()) {
    if (kind !== 'table') continue
    await pair.source.query(`delete from ${name} where false`).catch(() => refused.push(name))
  }
  // A generated column is no identity from 18 on; before, the target finds no row by it.
  expect(refused.sort()).toEqual(
    ['deferrable_key', 'nothing', 'of_lost_index', 'without_key', ...(major >= 18 ? ['computed', 'full_and_computed'] : [])].sort(),
  )
})

test('of many tables is read in one go', { timeout: 120_000 }, async (context) => {
  const pair = await databasePair(context, { source: 15, own: { settings: { max_locks_per_transaction: '1024' } } })
  await pair.source.query(
    "do $$ begin for i in 1..5000 loop execute format('create table t%s (id int primary key, a text, b json, c json[])', i); end loop; end $$",
  )
  await using session = await openObserver(parseConnectionUrl(pair.source.url, { user: 'postgres' }), pair.source.name, context.signal)
  const began = performance.now()
  expect(await readRelations(session)).toHaveLength(5000)
  expect(performance.now() - began).toBeLessThan(4000)
})
