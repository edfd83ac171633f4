import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newOutcome } from '../../src/engine/database-run.ts'
import { addTables } from '../../src/engine/replication/add-tables.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { dyingAfter } from '../support/dying-servers.ts'
import { type EngineRun, runInit, runSync } from '../support/engine.ts'
import { expectFollowed, removeAll, startLoop } from '../support/followed.ts'
import { openSyncRun } from '../support/sync-run.ts'

const insertOnly = { replicaIdentity: 'insert-only' } as const

async function follow(pair: DatabasePair): Promise<void> {
  await pair.source.query(`
    create type color as enum ('red', 'green', 'blue');
    create table item (id int primary key, value text);
    create table log (line text);
    create table hashed (color color, id int, primary key (color, id)) partition by hash (color);
    create table hashed_0 partition of hashed for values with (modulus 2, remainder 0);
    create table hashed_1 partition of hashed for values with (modulus 2, remainder 1);
    create table gone (id int primary key);
    insert into item select n, 'of ' || n from generate_series(1, 100) n;
    insert into log select 'line ' || n from generate_series(1, 100) n;
    insert into hashed select c, n from unnest(enum_range(null::color)) c, generate_series(1, 100) n`)
  expect((await runInit(pair, { snapshotOnly: false, ...insertOnly })).result).toMatchObject({ problems: [], outcome: 'done' })
  await synchronized(pair)
}

async function synchronized(pair: DatabasePair): Promise<string[]> {
  const { result }: EngineRun = await runSync(pair, insertOnly)
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  return result.warnings.filter(({ code }) => code === 'table-not-replicated').map(({ message }) => message)
}

test('sync brings back what publications lost, in whatever way they were published', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await follow(pair)
  const loop = await startLoop(
    pair.source,
    "insert into item values (1000 + $1, 'new'); insert into log values ('new $1'); insert into hashed values ('green', 1000 + $1)",
    "update item set value = 'changed $1' where id = 1 + $1 % 100; delete from hashed where color = 'red' and id = 1 + $1 % 100",
  )
  await pair.source.query('alter publication seren_replication_pub drop table item, hashed')
  await pair.source.query('alter publication seren_replication_pub_insert drop table log')
  await pair.source.query(
    'create table stray (id int primary key); alter publication seren_replication_pub add table stray; drop table gone',
  )
  await sleep(300)
  expect((await synchronized(pair)).filter((one) => !one.includes('public.stray'))).toEqual([
    'no publication of ours had public.hashed, public.item, public.log: copied anew, and followed from now on',
    'not on the source any more: public.gone',
  ])
  await loop.stop()
  const published = await pair.source.query<{ name: string }>('select tablename as name from pg_publication_tables order by 1')
  expect(published.map(({ name }) => name)).toEqual(['hashed', 'heartbeat', 'item', 'log'])
  await pair.source.query('drop table stray')
  await pair.target.query('drop table gone')
  await expectFollowed(pair)
  expect(await synchronized(pair)).toEqual(['not on the source any more: public.gone'])
  await removeAll(pair)
})

test('a publication that is gone is told of', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await follow(pair)
  await pair.source.query('drop publication seren_replication_pub_insert')
  const { result } = await runSync(pair, insertOnly)
  expect(result.outcome).toBe('failed')
  expect(result.problems).toMatchObject([{ code: 'not-prepared' }])
  await removeAll(pair)
})

test('tables whose taking in was killed at any statement are brought by the next sync', {
  timeout: 240_000,
  tags: ['long'],
}, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await follow(pair)
  let killed = 0
  for (let survived = false; !survived; killed++) {
    await pair.source.query(
      `create table later_${killed} (id serial primary key); insert into later_${killed} select nextval('later_${killed}_id_seq') from generate_series(1, 100)`,
    )
    const loop = await startLoop(pair.source, `insert into later_${killed} default values`)
    {
      await using open = await openSyncRun(pair, { ...insertOnly, addTables: true })
      const adding = addTables(open.run, dyingAfter(open.servers, killed), open.ledger, open.tables(`later_${killed}`), newOutcome())
      survived = await adding.then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ message: 'killed' })
          return false
        },
      )
    }
    await synchronized(pair)
    await loop.stop()
  }
  expect(killed).toBeGreaterThan(6)
  await expectFollowed(pair)
  await removeAll(pair)
})
