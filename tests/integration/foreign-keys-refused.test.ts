import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import type { Problem, Warning } from '../../src/errors.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runOn, runVerify } from '../support/engine.ts'
import { type Selecting, selecting } from '../support/selecting.ts'

const shop = `
  create table users (id int primary key, tenant int not null);
  create table orders (id int primary key, user_id int references users, note text);
  create table items (id int primary key, order_id int not null references orders);
  insert into users select n, n % 2 from generate_series(1, 20) n;
  insert into orders select n, nullif(n % 10, 0), 'order ' || n from generate_series(1, 30) n;
  insert into items select n, (n - 1) % 30 + 1 from generate_series(1, 60) n`

async function findings(pair: DatabasePair, chosen: Selecting, overrides: Partial<Config> = {}): Promise<(Problem | Warning)[]> {
  const { result } = await runOn(pair, 'plan', { snapshotOnly: true, ...overrides, scope: selecting(pair, chosen) })
  return [...result.problems, ...result.warnings].filter(({ code }) => code === 'foreign-key-unsatisfied')
}

test('rows without parents are counted, and what would close the gap does', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15 })
  await pair.source.query(shop)
  const filters = [['users', 'tenant = 1']] as const
  const refused = await findings(pair, { filters })
  expect(refused).toMatchObject([
    {
      severity: 'problem',
      relation: '"public"."orders"',
      message:
        "12 rows of public.orders refer to rows of public.users that aren't selected, by foreign key orders_user_id_fkey: " +
        'public.items → public.orders → public.users.',
    },
  ])
  const lines = linesOf(refused)
  expect(lines).toEqual([
    'public.orders:user_id IS NULL OR user_id IN (SELECT id FROM public.users WHERE tenant = 1)',
    'public.items:order_id IN (SELECT id FROM public.orders WHERE user_id IS NULL OR user_id IN (SELECT id FROM public.users WHERE tenant = 1))',
  ])
  // An item of a list is one line, in which a comment would reach too far.
  const two = await findings(pair, { filters: [...filters, ['users', "'x' <> 'y' and\n 'a' <> 'b'"]] })
  const commented = await findings(pair, { filters: [['users', 'tenant = 1 -- ours']] })
  expect([two, commented].flatMap(linesOf)).toEqual([])
  expect(commented[0]?.hint).toMatch(/^Give follow-foreign-keys/)
  expect(linesOf(await findings(pair, { filters: [...filters, ['users', "'x' <> 'y'"]] }))[0]).toMatch(
    / WHERE \(tenant = 1\) and \('x' <> 'y'\)\)$/,
  )
  const closing = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const)
  expect(await findings(pair, { filters: [...filters, ...closing.slice(0, 1)] })).toMatchObject([{ relation: '"public"."items"' }])
  const scope = selecting(pair, { filters: [...filters, ...closing] })
  expect((await runInit(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runVerify(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
  const [counts] = await pair.target.query(
    'select (select count(*)::int from orders) as orders, (select count(*)::int from items) as items',
  )
  expect(counts).toEqual({ orders: '18', items: '36' })
  const [keys] = await pair.target.query("select bool_and(convalidated) as all from pg_constraint where contype = 'f'")
  expect(keys).toEqual({ all: 't' })
})

test('only rows that lack their parents because of the selection count', async (context) => {
  const pair = await databasePair(context, { source: 18, target: 18 })
  await pair.source.query(
    `
    create extension citext;
    create schema "My Schema";
    create table "My Schema"."t.able" (a citext, "B b" int, primary key (a, "B b"), part int unique);
    create table "My Schema".child (id int primary key, a citext, b int, part int references "My Schema"."t.able" (part),
      foreign key (a, b) references "My Schema"."t.able" match full);
    insert into "My Schema"."t.able" values ('one', 1, 1), ('two', 2, 2), ('three', 3, 3);
    insert into "My Schema".child values (1, 'ONE', 1, null), (2, 'Two', 2, null), (3, null, null, 2), (4, null, null, null), (5, null, null, 3);

    create table person (id int primary key, boss int references person, name text);
    insert into person values (1, null, 'a'), (2, 1, 'b'), (3, 2, 'c'), (4, 9, 'd');

    create table logs (id int, at int, primary key (id, at)) partition by range (at);
    create table logs_1 partition of logs for values from (0) to (10);
    create table logs_2 partition of logs for values from (10) to (20);
    create table notes (id int, at int, n int, foreign key (id, at) references logs) partition by list (n);
    create table notes_1 partition of notes for values in (1);
    create table notes_2 partition of notes for values in (2);
    insert into logs values (1, 1), (2, 11), (3, 12);
    insert into notes values (1, 1, 1), (2, 11, 1), (3, 12, 2), (null, 5, 2);

    create table room (id int4range, valid daterange, primary key (id, valid without overlaps));
    create table stay (room int4range, during daterange, foreign key (room, period during) references room (id, period valid));
    insert into room values ('[1,2)', '[2024-01-01,2024-02-01)'), ('[1,2)', '[2024-02-01,2024-03-01)'), ('[1,2)', '[2024-03-01,)');
    insert into stay values ('[1,2)', '[2024-01-20,2024-02-10)'), ('[1,2)', '[2024-02-05,2024-02-10)');

    create table open_parent (id int primary key);
    create table unproven (id int, foreign key (id) references open_parent not enforced);
    insert into open_parent values (1), (2);
    insert into unproven values (1), (2), (3)`.replace('(4, 9,', '(4, null,'),
  )
  // Broken on the source itself, which is none of the selection's doing.
  await pair.source.query(`set session_replication_role = replica; update person set boss = 9 where id = 4`)

  const counted = async (chosen: Selecting) =>
    (await findings(pair, chosen)).map(({ severity, message }) => `${severity} ${message.slice(0, message.indexOf(' that'))}`)
  const filtered = (...filters: [string, string][]): Selecting => ({ filters })
  expect(await counted(filtered(['"My Schema"."t.able"', `a = 'one'`]))).toEqual([
    'problem 1 row of "My Schema".child refers to rows of "My Schema"."t.able"',
    'problem 2 rows of "My Schema".child refer to rows of "My Schema"."t.able"',
  ])
  expect(await counted(filtered(['"My Schema"."t.able"', `a = 'one'`], ['"My Schema".child', 'id in (1, 4)']))).toEqual([])
  expect(await counted({ schemaOnly: ['"My Schema"."t.able"'] })).toEqual([
    'problem 2 rows of "My Schema".child refer to rows of "My Schema"."t.able"',
    'problem 2 rows of "My Schema".child refer to rows of "My Schema"."t.able"',
  ])
  expect(await counted(filtered(['person', 'id > 2']))).toEqual(['problem 1 row of public.person refers to rows of public.person'])
  // A condition that is null selects nothing.
  expect(await counted(filtered(['person', 'nullif(id, 1) > 0']))).toEqual([
    'problem 1 row of public.person refers to rows of public.person',
  ])
  expect(await counted(filtered(['person', 'id > 3']))).toEqual([])
  expect(await counted({ schemaOnly: ['logs_2'] })).toEqual(['problem 2 rows of public.notes refer to rows of public.logs'])
  expect(await counted({ exclude: ['logs_2'], schemaOnly: ['notes_2'] })).toEqual([
    'problem 1 row of public.notes refers to rows of public.logs',
  ])
  expect(await counted(filtered(['logs', 'at < 12'], ['notes_2', 'false']))).toEqual([])
  expect(await counted(filtered(['room', `valid << '[2024-03-01,)'`]))).toEqual([])
  const periods = await findings(pair, filtered(['room', `lower(valid) = '2024-02-01'`]))
  expect(periods).toMatchObject([
    { message: expect.stringMatching(/^1 row of public.stay refers/), hint: expect.stringMatching(/^Give follow/) },
  ])
  expect(await counted({ exclude: ['person', 'logs', 'notes'] })).toEqual([])
  expect(await counted(filtered(['open_parent', 'id = 1']))).toEqual([
    'warning 1 row of public.unproven refers to rows of public.open_parent',
  ])
  expect(await findings(pair, filtered(['person', '1 / (id - 1) >= 0']))).toMatchObject([
    { severity: 'problem', message: expect.stringContaining('division by zero') },
  ])
})

test('tables that refer to themselves end the chain, and collations may differ', async (context) => {
  // From 18 on, those that are nondeterministic may not.
  const pair = await databasePair(context, { source: 15, target: 15 })
  await pair.source.query(`
    create table person (id int primary key, boss int references person);
    create table badge (id int primary key, person int references person);
    create table visit (badge int references badge);
    insert into person values (1, null), (2, 1), (3, 2);
    insert into badge values (1, 3);
    insert into visit values (1);
    create schema "odd ""one";
    create collation "odd ""one"."No Case" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table word (word text collate "odd ""one"."No Case" primary key, short "char" unique, name name unique);
    create table use (word text collate "C" references word, short "char" references word (short), name text references word (name));
    insert into word values ('One', 'a', 'one'), ('Two', 'b', 'two'), ('Three', 'c', 'three');
    insert into use values ('one', 'a', 'one'), ('TWO', null, 'two')`)
  const messages = async (filters: [string, string][]) => (await findings(pair, { filters })).map(({ message }) => message)
  expect(await messages([['person', 'id <> 2']])).toEqual([
    "1 row of public.person refers to rows of public.person that aren't selected, by foreign key person_boss_fkey: public.visit → public.badge → public.person → public.person.",
  ])
  const words = await findings(pair, { filters: [['word', `word = 'ONE'`]] })
  expect(words.map(({ message }) => message.slice(0, message.indexOf(',')))).toEqual([
    "1 row of public.use refers to rows of public.word that aren't selected",
    "1 row of public.use refers to rows of public.word that aren't selected",
  ])
  // IN would compare by neither collation.
  expect(linesOf(words)).toEqual([])
  const scope = selecting(pair, { filters: [['word', 'false']], follow: true })
  expect((await runInit(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await pair.target.query('select word from word order by word')).toEqual([{ word: 'One' }, { word: 'Two' }])
})

test('a row that comes in between is met under the snapshot, before anything is copied', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(shop)
  const scope = selecting(pair, {
    filters: [
      ['users', 'id < 10'],
      ['orders', 'id < 10'],
      ['items', 'order_id < 10'],
    ],
  })
  expect(await findings(pair, { filters: [['users', 'id < 10']] })).toEqual([])
  const { result } = await runInit(pair, { scope }, undefined, (event) => {
    if (event.type === 'phase-started' && event.phase === 'plan') void pair.source.query('insert into orders values (0, 15)')
  })
  expect(result).toMatchObject({ outcome: 'failed', problems: [{ code: 'foreign-key-unsatisfied', relation: '"public"."orders"' }] })
  expect(await pair.target.query("select from pg_tables where schemaname = 'public'")).toEqual([])
  await pair.source.query('delete from orders where id = 0')
  expect((await runInit(pair, { scope })).result).toMatchObject({ outcome: 'done' })
})

test('with replication, a key that may come apart later is told', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(shop)
  expect(await findings(pair, { filters: [['users', 'id < 10']] }, { snapshotOnly: false })).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('orders_user_id_fkey of public.orders to public.users') },
  ])
})

function linesOf(found: readonly (Problem | Warning)[]): string[] {
  return found.flatMap(({ hint = '' }) => [...hint.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line))
}
