import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { resyncTables } from '../../src/engine/replication/resync-tables.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { dyingAfter } from '../support/dying-servers.ts'
import { runInit, runOn, runSync } from '../support/engine.ts'
import { expectFollowed, type Loop, removeAll, startLoop } from '../support/followed.ts'
import { connect } from '../support/query.ts'
import { openSyncRun } from '../support/sync-run.ts'

const tables = `
  create table parent (id int primary key, name text not null default 'x');
  create table child (id int primary key, parent int not null references parent, next int references child);
  create table item (id int primary key, value text);
  create table log (value text);
  alter table log replica identity full;
  insert into log values ('first');
  insert into parent select n from generate_series(1, 100) n;
  insert into child select n, n, n from generate_series(1, 100) n;
  insert into item select n, 'of ' || n from generate_series(1, 5000) n`

const changes = [
  "insert into parent values (1000 + $1); insert into child values (1000 + $1, 1000 + $1, 1000 + $1); insert into item values (10000 + $1, 'new')",
  "update item set value = 'changed ' || $1 where id = 1 + $1 % 5000; update parent set name = 'y' where id = 1 + $1 % 100",
  'delete from child where id = 1000 + $1 - 20; delete from parent where id = 1000 + $1 - 20; delete from item where id = 2 + $1 % 5000',
]

async function follow(pair: DatabasePair): Promise<Loop> {
  await pair.source.query(tables)
  expect((await runInit(pair, { snapshotOnly: false })).result).toMatchObject({ problems: [], outcome: 'done' })
  const loop = await startLoop(pair.source, ...changes)
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  return loop
}

/** What is written to them from now on is missed. */
async function lose({ source }: DatabasePair, ...names: readonly string[]): Promise<void> {
  await source.query(`alter publication seren_replication_pub drop table ${names.join(', ')}`)
  await sleep(300)
}

for (const [source, target] of [[12, 15] as const, [15, 18] as const]) {
  test(`tables that missed changes are copied anew while they are written to, from ${source} to ${target}`, {
    tags: source === 12 ? [] : ['long'],
  }, async (context) => {
    const pair = await databasePair(context, { source, target })
    const loop = await follow(pair)
    await lose(pair, 'parent', 'item')
    {
      await using open = await openSyncRun(pair)
      await resyncTables(open.run, open.servers, 1, open.tables('parent', 'item'))
      // They're on their way: nothing is begun anew.
      await resyncTables(open.run, open.servers, 1, open.tables('parent'))
    }
    expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
    await loop.stop()
    await expectFollowed(pair)
    expect(
      await pair.target.query("select from pg_constraint where conrelid = 'child'::regclass and contype = 'f' and convalidated"),
    ).toHaveLength(2)
    await removeAll(pair)
  })
}

test('a resync that is killed at any statement is finished by the next', { timeout: 180_000, tags: ['long'] }, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  const loop = await follow(pair)
  await using open = await openSyncRun(pair)
  let statements = 0
  for (let survived = false; !survived; statements++) {
    await lose(pair, 'child', 'item')
    const wanted = open.tables('child', 'item')
    survived = await resyncTables(open.run, dyingAfter(open.servers, statements), 1, wanted).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ message: 'killed' })
        return false
      },
    )
    await resyncTables(open.run, open.servers, 1, wanted)
    await expect.poll(() => pair.target.query("select from pg_subscription_rel where srsubstate <> 'r'"), { timeout: 30_000 }).toEqual([])
  }
  expect(statements).toBeGreaterThan(8)
  await loop.stop()
  await expectFollowed(pair)
  await open[Symbol.asyncDispose]()
  await removeAll(pair)
})

test('a table whose resync was killed once it was empty is missed by the gate and by verify', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await (await follow(pair)).stop()
  await lose(pair, 'item')
  {
    await using open = await openSyncRun(pair)
    const resynced = resyncTables(open.run, dyingAfter(open.servers, 6), 1, open.tables('item'))
    await expect(resynced).rejects.toMatchObject({ message: 'killed' })
  }
  expect(await pair.target.query('select from item')).toEqual([])
  expect(await pair.target.query("select from pg_subscription_rel where srrelid = 'item'::regclass")).toEqual([])
  const { outcome, problems, warnings } = (await runOn(pair, 'status', { maxLagSeconds: 60, wait: 1 })).result
  expect({ outcome, problems }).toMatchObject({
    outcome: 'not-met',
    problems: [{ message: expect.stringContaining('not ready: public.item') }],
  })
  expect(warnings).toMatchObject([{ message: expect.stringContaining('1 table to be copied anew') }])
  expect((await runOn(pair, 'verify')).result).toMatchObject({ outcome: 'not-met', problems: [{ code: 'lag-not-met' }] })
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runOn(pair, 'status', { maxLagSeconds: 60, wait: 20 })).result).toMatchObject({ outcome: 'done', warnings: [] })
  await expectFollowed(pair)
  await removeAll(pair)
})

// Without the lock, 12 forgets for good that the table is published: it learns of that while it reads a transaction that began before.
test('a transaction that had begun before makes nothing be lost that is written after', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15 })
  await (await follow(pair)).stop()
  await lose(pair, 'item')
  await using writer = await connect(pair.source.url)
  await writer.query("begin; insert into item values (-1, 'before')")
  {
    await using open = await openSyncRun(pair)
    const resynced = resyncTables(open.run, open.servers, 1, open.tables('item'))
    await sleep(3000)
    await writer.query("insert into item values (-2, 'beside'); commit")
    await resynced
  }
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  await pair.source.query("insert into item values (-3, 'after')")
  await expectFollowed(pair)
  await removeAll(pair)
})

test('changes that were on their way meanwhile are not applied to what is copied anew', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await (await follow(pair)).stop()
  await pair.source.query("insert into log values ('seen')")
  await expect.poll(() => pair.target.query("select from log where value = 'seen'"), { timeout: 20_000 }).toHaveLength(1)
  await using reader = await connect(pair.target.url)
  await reader.query('begin; lock table parent in share mode')
  await pair.source.query("update parent set name = 'waits' where id = 1")
  await pair.source.query("insert into log values ('late')")
  await lose(pair, 'log')
  {
    await using open = await openSyncRun(pair)
    const resynced = resyncTables(open.run, open.servers, 1, open.tables('log'))
    await sleep(2000)
    await reader.query('commit')
    await resynced
  }
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  await expectFollowed(pair)
  await removeAll(pair)
})

test('a table that another lane follows is not taken in', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  const loop = await follow(pair)
  await loop.stop()
  for (const side of [pair.source, pair.target]) await side.query('create table other (id int primary key)')
  await pair.source.query('alter publication seren_replication_pub add table other')
  {
    await using open = await openSyncRun(pair)
    await expect(resyncTables(open.run, open.servers, 1, open.tables('item'))).rejects.toMatchObject({ code: 'internal' })
  }
  await removeAll(pair)
})
