import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { startLoop } from '../support/followed.ts'
import { leaveLane, stopInit } from '../support/lanes.ts'
import { connect } from '../support/query.ts'
import { type Selecting, selecting } from '../support/selecting.ts'
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

test('stopped while tables leave their lane, it goes on under whatever scope', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(tables)
  // One lane that is subscribed, one that isn't yet.
  await leaveLane(pair, 3)
  await leaveLane(pair, 1)
  await pair.source.query('alter table log rename to journal')
  const loop = await startLoop(pair.source, 'insert into line values (1 + $1 % 3000, $1 + 2); insert into journal values (9000 + $1)')
  const left = "select from pg_subscription_rel where srrelid in ('line'::regclass, 'log'::regclass)"
  expect(await pair.target.query(left)).not.toEqual([])
  const scopes: Selecting[] = [{ exclude: ['journal'], filters: [['line', 'orders < 500']] }, { filters: [['line', 'orders <= 2000']] }]
  for (const chosen of scopes) {
    const scope = selecting(pair, chosen)
    await stopWhileLocked(pair, 'line', { scope, yes: true })
    expect(await pair.target.query(left)).toEqual([])
  }
  expect(await pair.target.query('select count(*) >= 3000 as kept from line')).toEqual([{ kept: 't' }])
  await expect(runOn(pair, 'init')).rejects.toMatchObject({
    problems: [{ code: 'scope-changed', message: expect.stringContaining('public.line: rows that nothing follows any more → all rows') }],
  })
  await expectDone(pair, 'init', { yes: true })
  expect(await pair.target.query('select from pg_subscription where not subenabled')).toEqual([])
  const { result } = await expectDone(pair, 'sync')
  expect(result.warnings).not.toContainEqual(expect.objectContaining({ code: 'table-not-replicated' }))
  await loop.stop()
  await expectEqual(pair)
  await expectRemoved(pair)
})

/** Runs `init` while somebody reads that table on the target, until it waits for that. */
async function stopWhileLocked(pair: DatabasePair, table: string, overrides: Partial<Config>): Promise<void> {
  await using reader = await connect(pair.target.url)
  await reader.query(`begin; lock table ${table} in access share mode`)
  const stop = new AbortController()
  const running = runOn(pair, 'init', { jobs: 1, ...overrides }, stop.signal)
  const waiting = `select from pg_locks where relation = '${table}'::regclass and not granted`
  await expect.poll(() => reader.query(waiting), { timeout: 20_000, interval: 50 }).not.toEqual([])
  stop.abort(new Error('stopped by the test'))
  expect((await running).result.outcome).toBe('interrupted')
}

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
