import { expect, test } from 'vitest'
import { newOutcome } from '../../src/engine/database-run.ts'
import { addTables } from '../../src/engine/replication/add-tables.ts'
import { newTables } from '../../src/engine/replication/new-tables.ts'
import { repairPublications } from '../../src/engine/replication/repair-publications.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { type EngineRun, runInit, runSync } from '../support/engine.ts'
import { expectFollowed, type Loop, removeAll, startLoop } from '../support/followed.ts'
import { compareSchemas, inWords } from '../support/schema-comparison.ts'
import { openSyncRun } from '../support/sync-run.ts'

const before = `
  create table customer (id serial primary key, name text not null);
  insert into customer (name) select 'customer ' || n from generate_series(1, 200) n;
  create table reading (at date, sensor int, value int not null default 0, primary key (at, sensor)) partition by range (at);
  create table reading_1 partition of reading for values from ('2026-01-01') to ('2026-02-01');
  create index on reading (value);
  create table account (id int primary key references customer);
  alter table reading add foreign key (sensor) references customer;
  insert into reading select '2026-01-01'::date + n % 31, n from generate_series(1, 100) n`

const later = `
  create type mood as enum ('fine', 'bad');
  create schema shop;
  create function shop.next_mood() returns public.mood language sql as $$ select 'fine'::public.mood $$;
  create table shop."Order" (
    id serial primary key,
    number bigint generated always as identity,
    customer int not null references customer,
    mood mood not null default shop.next_mood(),
    total numeric check (total >= 0),
    note text);
  comment on table shop."Order" is 'taken in later';
  comment on column shop."Order".note is 'of the customer';
  create index order_note on shop."Order" (lower(note));
  comment on index shop.order_note is 'for searching';
  create function shop.touch() returns trigger language plpgsql as $$ begin new.note := new.note || '!'; return new; end $$;
  create trigger touch before insert on shop."Order" for each row execute function shop.touch();
  create table shop.line (id bigserial, "order" int references shop."Order", part int, primary key ("order", part));
  alter table shop.line enable row level security;
  create policy own on shop.line using (part > 0);
  create statistics shop.line_parts on "order", part from shop.line;
  grant select on shop.line to public;
  create table reading_2 partition of reading for values from ('2026-02-01') to ('2026-03-01');
  create table reading_3 partition of reading for values from ('2026-03-01') to ('2026-05-01') partition by range (at);
  create table reading_3a partition of reading_3 for values from ('2026-03-01') to ('2026-04-01');
  create table event (at date, id int, primary key (at, id)) partition by range (at);
  create table event_1 partition of event for values from ('2026-01-01') to ('2027-01-01');
  create view shop.loud as select * from shop."Order" where note like '%!';
  insert into shop."Order" (customer, total, note) select n, n, 'note ' || n from generate_series(1, 200) n;
  insert into shop.line ("order", part) select n, p from generate_series(1, 200) n, generate_series(1, 5) p;
  insert into reading select '2026-02-01'::date + n % 28, n from generate_series(1, 100) n;
  insert into reading select '2026-03-01'::date + n % 28, n from generate_series(1, 100) n;
  insert into event select '2026-01-01'::date + n, n from generate_series(1, 100) n`

async function follow(pair: DatabasePair): Promise<void> {
  await pair.source.query(before)
  expect((await runInit(pair, { snapshotOnly: false })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
}

function newTablesOf({ result }: EngineRun): string | undefined {
  return result.warnings.find(({ code }) => code === 'table-not-replicated')?.message
}

function write(pair: DatabasePair): Promise<Loop> {
  return startLoop(
    pair.source,
    "insert into customer (name) values ('new $1'); insert into shop.\"Order\" (customer, total, note) values (1 + $1 % 200, $1, 'more')",
    'insert into shop.line ("order", part) values (1 + $1 % 200, 100 + $1); delete from shop.line where "order" = 1 + $1 % 200 and part = 3',
    "insert into reading values ('2026-02-03', 1 + $1 % 200, $1) on conflict (at, sensor) do update set value = $1; update reading set value = $1 where at = '2026-03-05'",
    "update shop.\"Order\" set mood = 'bad', note = 'changed $1' where id = 1 + $1 % 200; insert into event values ('2026-12-31', $1)",
  )
}

for (const [source, target] of [[12, 15] as const, [15, 18] as const]) {
  test(`tables that came to be later are taken in while they are written to, from ${source} to ${target}`, async (context) => {
    const pair = await databasePair(context, { source, target })
    await follow(pair)
    await pair.source.query(later)
    const loop = await write(pair)
    const reported = await runSync(pair)
    expect(newTablesOf(reported)).toMatch(/^5 tables of the source not replicated: /)
    const { result, events } = await runSync(pair, { addTables: true })
    expect(result).toMatchObject({ problems: [], outcome: 'done' })
    expect(newTablesOf({ result, events })).toBeUndefined()
    expect(
      await pair.target.query("select from pg_constraint where contype = 'f' and conrelid in ('shop.line'::regclass, 'reading'::regclass)"),
    ).toHaveLength(2)
    await loop.stop()
    await expectFollowed(pair)
    await pair.source.query('drop view shop.loud')
    // Sequences are set when tables are taken in, and at the cutover.
    const differences = (await compareSchemas(pair)).differences.map(inWords)
    expect(differences.filter((one) => !/^different sequence .*: last value$/.test(one))).toEqual([])
    expect((await runInit(pair, { snapshotOnly: false })).result).toMatchObject({ problems: [], outcome: 'done' })
    await removeAll(pair)
  })
}

test('tables without a key are taken in as replica-identity says, and what nothing follows is copied', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await follow(pair)
  await pair.source.query(`
    create table log (line text);
    insert into log select 'line ' || n from generate_series(1, 100) n;
    create unlogged table cache (id int primary key);
    insert into cache select generate_series(1, 100)`)
  {
    await using open = await openSyncRun(pair, { addTables: true, replicaIdentity: 'insert-only' })
    const { run, servers, ledger } = open
    const outcome = newOutcome()
    await addTables(run, servers, ledger, newTables(run.plan, await ledger.read()), outcome)
    expect(outcome.failures).toEqual([])
    await repairPublications(run, servers, ledger)
    expect(open.events.filter(({ type }) => type === 'warning')).toEqual([])
  }
  await pair.source.query("insert into log values ('later')")
  await expectFollowed(pair)
  await pair.source.query("update log set line = 'not followed' where line = 'later'; update customer set name = 'followed' where id = 1")
  await expect.poll(() => pair.target.query("select from customer where name = 'followed'"), { timeout: 20_000 }).toHaveLength(1)
  expect(await pair.target.query("select from log where line = 'later'")).toHaveLength(1)
  await removeAll(pair)
})
