import { expect, test } from 'vitest'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runVerify } from '../support/engine.ts'
import { type Selecting, selecting } from '../support/selecting.ts'

/** A table that needs something of every kind, each in a place of its own; and others, of which it needs none. */
const orders = (role: string) => `
  create role ${role};
  create schema types;
  create schema functions;
  create schema extra;
  create schema "Order Desk" authorization ${role};
  create schema unneeded;
  create extension citext schema extra;
  create extension hstore schema extra;
  create type types.mood as enum ('fine', 'bad');
  create domain types.positive as numeric(12, 2) check (value > 0);
  create type types.place as (street text, mood types.mood);
  create type types.span as range (subtype = date);
  create collation types.german (provider = icu, locale = 'de');
  create sequence functions.numbers start 100;
  create function functions.next_number() returns bigint language sql as $$ select nextval('functions.numbers') $$;
  create function functions.tax(numeric) returns numeric language sql immutable as $$ select $1 * 0.19 $$;
  create function functions.folded(text) returns text language sql immutable as $$ select lower($1) $$;
  create function functions.touch() returns trigger language plpgsql as $$ begin new.note := new.note || '!'; return new; end $$;
  create table "Order Desk"."Order" (
    id serial primary key,
    line int generated always as identity,
    number bigint not null default functions.next_number(),
    mood types.mood not null default 'fine',
    total types.positive,
    place types.place,
    days types.span,
    name text collate types.german,
    email extra.citext unique,
    tags extra.hstore,
    tax numeric generated always as (functions.tax(total)) stored,
    note text);
  alter table "Order Desk"."Order" owner to ${role};
  create index by_name on "Order Desk"."Order" (functions.folded(name));
  create trigger touch before insert on "Order Desk"."Order" for each row execute function functions.touch();
  insert into "Order Desk"."Order" (total, place, days, name, email, tags, note)
    select n, ('Street ' || n, 'bad'::types.mood)::types.place, types.span('2026-01-01'::date, '2026-01-01'::date + n), 'Name ' || n, n || '@Example.com', extra.hstore('a', n::text), 'note'
      from generate_series(1, 50) n;
  create table unneeded.item (id serial primary key);
  insert into unneeded.item select generate_series(1, 10);
  create table public.customer (id int primary key);
  insert into public.customer values (1)`

for (const [source, target] of [[12, 15] as const, [15, 18] as const]) {
  test(`one table alone brings what it needs, and no other table, from ${source} to ${target}`, async (context) => {
    const pair = await databasePair(context, { source, target, own: true, createTarget: false })
    await pair.source.query(orders('order_desk'))
    await only(pair, { include: ['"Order Desk"."Order"'] }, ['"Order Desk"."Order"'])
    const [order] = await pair.target.query(
      `insert into "Order Desk"."Order" (total, name, email, note) values (100, 'New', 'NEW@example.com', 'new') returning id, line, number, mood, tax, note`,
    )
    expect(order).toMatchObject({ id: '51', line: '51', number: '150', mood: 'fine', tax: '19.0000', note: 'new!' })
    const [owner] = await pair.target.query(`select relowner::regrole::text as name from pg_class where relname = 'Order'`)
    expect(owner).toEqual({ name: 'order_desk' })
  })
}

const tree = `
  create table log (at date not null, id int not null, note text) partition by range (at);
  create table log_2025 partition of log for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
  create table log_2025_1 partition of log_2025 for values in (1);
  create table log_2025_2 partition of log_2025 for values in (2);
  create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');
  create table log_rest partition of log default;
  create index on log (id);
  create view this_year as select * from log_2026;
  insert into log select '2025-01-01'::date + n * 40, 1 + n % 2, 'note ' || n from generate_series(0, 40) n where '2025-01-01'::date + n * 40 < '2026-01-01' or n > 9;
  create table other (id int primary key);
  create table animal (id int primary key, name text);
  create table dog (breed text) inherits (animal);
  create table puppy (weeks int) inherits (dog);
  insert into animal values (1, 'a');
  insert into dog values (2, 'b', 'c');
  insert into puppy values (3, 'd', 'e', 4)`

for (const [source, target] of [[12, 15] as const, [15, 18] as const]) {
  test(`partitions and what inherits, alone, without and without rows, from ${source} to ${target}`, async (context) => {
    const pair = await databasePair(context, { source, target, createTarget: false })
    await pair.source.query(tree)
    const tops = ['log', 'log_2025']
    await only(pair, { include: ['log_2025_1'] }, ['log_2025_1'], tops)
    const given = { include: ['log', 'animal', 'dog', 'puppy'], exclude: ['log_2025_2'], schemaOnly: ['log_2026', 'animal'] }
    await only(pair, given, ['log_2025_1', 'log_rest', 'dog', 'puppy'], [...tops, 'log_2026', 'animal', 'this_year'])
    await only(
      pair,
      { exclude: ['puppy', 'other', 'log_2026'], schemaOnly: ['log_2025'] },
      ['log_rest', 'animal', 'dog'],
      [...tops, 'log_2025_1', 'log_2025_2'],
    )
  })
}

/** Copies the selection, which must verify, and bring these relations with their rows and those without any, and no others. */
async function only(pair: DatabasePair, given: Selecting, relations: readonly string[], empty: readonly string[] = []): Promise<void> {
  const scope = selecting(pair, given)
  expect((await runInit(pair, { scope, dropExisting: true })).result, JSON.stringify(given)).toMatchObject({
    problems: [],
    outcome: 'done',
  })
  expect((await runVerify(pair, { scope })).result, JSON.stringify(given)).toMatchObject({ problems: [], outcome: 'done' })
  const there = await pair.target.query<{ name: string }>(
    `select oid::regclass::text as name
       from pg_class
      where relkind in ('r', 'p', 'v', 'm') and relnamespace not in (select oid from pg_namespace where nspname ~ '^(pg_|information_schema|seren_)')`,
  )
  expect(there.map(({ name }) => name).toSorted(), JSON.stringify(given)).toEqual([...relations, ...empty].toSorted())
  for (const name of [...relations, ...empty]) {
    const rows = ({ query }: DatabasePair['source']) => query(`select t::text as t from only ${name} t order by 1`)
    expect(await rows(pair.target), name).toEqual(empty.includes(name) ? [] : await rows(pair.source))
  }
}
