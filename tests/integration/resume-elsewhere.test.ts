import { expect, test } from 'vitest'
import { leaveLane as endLane } from '../../src/engine/replication/leave-lane.ts'
import { compareTables } from '../support/compare.ts'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { leaveLane, stopInit } from '../support/lanes.ts'
import { compareSchemas, inWords } from '../support/schema-comparison.ts'
import { openSyncRun } from '../support/sync-run.ts'

const twoTables = `
  create table a as select n as id, repeat('x', 200) as text from generate_series(1, 2000) n;
  create table b as select n as id, repeat('x', 200) as text from generate_series(1, 1000) n;
  alter table a add primary key (id);
  alter table b add primary key (id)`

test('a table that was copied in a lane whose slot is lost, and has been emptied since, is empty on the target too', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(twoTables)
  await leaveLane(pair, 1)
  expect(await pair.target.query('select count(*) from a')).toEqual([{ count: '2000' }])
  await pair.source.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()')
  await pair.source.query('truncate a')
  await expectDone(pair, 'init')
  expect(await pair.target.query('select count(*) from a')).toEqual([{ count: '0' }])
  await expectDone(pair, 'sync')
  await expectRemoved(pair)
})

test('tables of a lost slot are copied anew though what follows their rows is there by now', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`${twoTables};
    alter table b add foreign key (id) references a;
    create function touched() returns trigger language plpgsql as $$ begin new.text := 'touched'; return new; end $$;
    create trigger touch before insert on b for each row execute function touched()`)
  await stopInit(pair, (event) => event.type === 'phase-started' && event.phase === 'analyze')
  expect(await pair.target.query("select from pg_constraint where contype = 'f' and conrelid = 'b'::regclass")).toHaveLength(1)
  await pair.source.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()')
  await pair.source.query("insert into a values (0, 'new'); delete from b where id = 1")
  await expectDone(pair, 'init')
  await expectDone(pair, 'sync')
  expect(await compareTables(pair.source.url, pair.target.url)).toEqual([])
  expect((await compareSchemas(pair)).differences.map(inWords)).toEqual([])
  await expectRemoved(pair)
})

test('what a run published for inserts alone is followed, though the next one would publish it otherwise', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(`${twoTables}; alter table a drop constraint a_pkey`)
  await expectDone(pair, 'init', { replicaIdentity: 'insert-only' })
  await pair.source.query("alter table a add primary key (id); insert into a values (0, 'new')")
  await expectDone(pair, 'sync', { replicaIdentity: 'insert-only', heartbeat: false })
  await expect.poll(() => pair.target.query('select count(*) from a'), { timeout: 10_000 }).toEqual([{ count: '2001' }])
  await expectRemoved(pair)
})

test('a run that another has taken over from leaves the lane alone', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(twoTables)
  await expectDone(pair, 'init')
  {
    await using taken = await openSyncRun(pair)
    await pair.target.query("delete from seren_replicator.copied; update seren_replicator.ledger set run_mark = 'other'")
    await endLane(taken.run, { lane: 1, slot: `seren_replication_sub_${pair.source.name}` })
    expect(taken.events).toContainEqual(expect.objectContaining({ type: 'warning' }))
  }
  expect(await pair.source.query('select from pg_replication_slots where database = current_database()')).toHaveLength(1)
  expect(await pair.source.query('select from pg_publication')).toHaveLength(1)
  await expectRemoved(pair)
})
