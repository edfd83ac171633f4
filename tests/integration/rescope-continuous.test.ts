import { expect, test } from 'vitest'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { startLoop } from '../support/followed.ts'
import { leaveLane, stopInit } from '../support/lanes.ts'
import { selecting } from '../support/selecting.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const tables = `
  create table account (id int primary key, version int not null default 0);
  insert into account select generate_series(1, 200);
  create table customer (id int primary key, name text);
  insert into customer select n, 'customer ' || n from generate_series(1, 500) n;
  create table orders (id int primary key, customer int not null references customer, note text);
  insert into orders select n, 1 + n % 500, repeat('x', 90) from generate_series(1, 3000) n;
  create table line (orders int references orders on delete cascade, line int, primary key (orders, line));
  insert into line select n, 1 from generate_series(1, 3000) n;
  create table log (id int primary key, line int, orders int, foreign key (orders, line) references line);
  insert into log select n, 1, n from generate_series(1, 1000) n;
  create function touched() returns trigger language plpgsql as $$ begin new.version := 99; return new; end $$;
  create trigger touch before insert on account for each row execute function touched();
  analyze`

test('tables that are followed already leave their lane, and come into another, while they are written to', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const before = selecting(pair, { exclude: ['by_index', 'measurement_2024_late'], schemaOnly: ['whole_row'] })
  // Two lanes, of which the first is subscribed.
  await leaveLane(pair, 5, { scope: before })
  await leaveLane(pair, 4, { scope: before })
  const copied = await pair.target.query<{ name: string; lane: string }>('select table_name as name, lane from seren_replicator.copied')
  expect(copied.map(({ name }) => name)).toEqual(expect.arrayContaining(['reading', 'document', 'orders']))
  const listed =
    "select srrelid::regclass::text as name from pg_subscription_rel where srrelid::regclass::text in ('document', 'reading', 'orders')"
  expect(await pair.target.query(listed)).not.toEqual([])

  const after = selecting(pair, { exclude: ['document'], filters: [['reading', 'region < 3']] })
  const orders = "select xmin as noted, pg_relation_filenode('orders') as file from seren_replicator.copied where table_name = 'orders'"
  const kept = await pair.target.query(orders)
  await stopInit(pair, (event) => event.type === 'phase-finished' && event.phase === 'scope', { scope: after, yes: true })
  expect(await pair.target.query("select to_regclass('document') as document, (select count(*) from reading) as reading")).toEqual([
    { document: null, reading: '0' },
  ])
  expect(await pair.target.query(orders)).toEqual(kept)
  await expectDone(pair, 'init', { scope: after })
  await expectDone(pair, 'sync', { scope: after })
  expect(await pair.target.query("select pg_relation_filenode('orders') as file")).toMatchObject([{ file: kept[0]?.['file'] }])
  await expectUndisturbed(writer)
  await expectEqual(pair, { except: ['public.document'], filters: { 'public.reading': 'region < 3' } })
  await expectDone(pair, 'verify', { scope: after })
  await expectRemoved(pair)
})

test('so they do once foreign keys and triggers are there', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(tables)
  const before = selecting(pair, { exclude: ['customer'] })
  await stopInit(pair, (event) => event.type === 'phase-started' && event.phase === 'analyze', { scope: before })
  const loop = await startLoop(
    pair.source,
    "insert into customer values (1000 + $1, 'new'); insert into orders values (10000 + $1, 1000 + $1, 'new'); insert into line values (10000 + $1, 1)",
    "update orders set note = 'changed $1' where id = 1 + $1 % 3000; delete from orders where id = 3000 - $1; delete from line where orders = 10000 + $1 - 50",
  )
  const scope = selecting(pair, { exclude: ['log'], filters: [['account', 'id < 100']] })
  await expectDone(pair, 'init', { scope, yes: true })
  await expectDone(pair, 'sync', { scope })
  await loop.stop()
  await expectEqual(pair, { except: ['public.log'], filters: { 'public.account': 'id < 100' } })
  await expectDone(pair, 'verify', { scope })
  expect(
    await pair.target.query("select from pg_constraint where contype = 'f' and conrelid in ('orders'::regclass, 'line'::regclass)"),
  ).toHaveLength(2)
  await expectRemoved(pair)
})

test('what is followed without its publication is left alone', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(tables)
  await leaveLane(pair, 1)
  await leaveLane(pair, 1)
  await pair.source.query('drop publication seren_replication_pub')
  const { result } = await runOn(pair, 'init', { scope: selecting(pair, { exclude: ['orders', 'line', 'log'] }), yes: true })
  expect(result).toMatchObject({ outcome: 'failed', problems: [{ code: 'not-prepared', hint: expect.stringContaining('no-resume') }] })
  expect(await pair.target.query('select count(*) from orders')).toEqual([{ count: '3000' }])
  expect(await pair.target.query("select from pg_subscription_rel where srrelid = 'orders'::regclass")).toHaveLength(1)
  await expectRemoved(pair)
})
