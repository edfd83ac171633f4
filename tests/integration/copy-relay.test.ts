import { expect, type TestContext, test } from 'vitest'
import { relayCopy } from '../../src/pg/copy-relay.ts'
import { databasePair } from '../support/database-pair.ts'
import { sessionOn } from '../support/session.ts'

test('takes every row over, many megabytes and no row alike', async (context) => {
  const { source, target, open } = await pair(context)
  await source.query(
    'create table t as select n, repeat(md5(n::text), 20) as text, null::int as nothing from generate_series(1, 50000) n; create table e (n int)',
  )
  await target.query('create table t (n int, text text, nothing int); create table e (n int)')
  await using from = await open(source.url)
  await using to = await open(target.url)
  let seen = 0
  const big = await relayCopy({
    source: from,
    sourceSql: 'begin; copy public.t to stdout (format binary); select 7, null; commit',
    target: to,
    targetSql: 'begin; copy public.t from stdin (format binary)',
    onBytes: (bytes) => {
      seen += bytes
    },
  })
  await to.run('commit')
  expect(big.rows).toBe(50000n)
  expect(big.bytes).toBe(BigInt(seen))
  expect(big.sourceRows).toEqual([['7', null]])
  const empty = await relayCopy({ source: from, sourceSql: 'copy public.e to stdout', target: to, targetSql: 'copy public.e from stdin' })
  expect(empty.rows).toBe(0n)
  const sum = 'select count(*), sum(hashtextextended(t::text, 0)) from t'
  expect(await target.query(sum)).toEqual(await source.query(sum))
})

test('a slow target holds the source back instead of filling memory', async (context) => {
  const { source, target, open } = await pair(context)
  await source.query("create table t as select n, repeat('x', 1000) as text from generate_series(1, 100000) n")
  await target.query(`create table t (n int, text text);
    create function slow() returns trigger language plpgsql as $$ begin if new.n % 1000 = 0 then perform pg_sleep(0.01); end if; return new; end $$;
    create trigger slow before insert on t for each row execute function slow()`)
  await using from = await open(source.url)
  await using to = await open(target.url)
  const before = process.memoryUsage().rss
  let most = 0
  await relayCopy({
    source: from,
    sourceSql: 'copy public.t to stdout',
    target: to,
    targetSql: 'copy public.t from stdin',
    onBytes: () => {
      most = Math.max(most, process.memoryUsage().rss)
    },
  })
  expect(await target.query('select count(*) from t')).toEqual([{ count: '100000' }])
  expect(most - before).toBeLessThan(60 * 1024 * 1024)
})

const failures = [
  ['the source', 'copy (select 1 / (n - 30000) from public.t) to stdout', 'copy public.t from stdin', 'division by zero'],
  ['the target', 'copy (select n from public.t) to stdout', 'copy public.refused from stdin', 'violates check constraint'],
  ['the target at once', 'copy (select n from public.t) to stdout', 'copy public.missing from stdin', 'does not exist'],
] as const

for (const [side, sourceSql, targetSql, message] of failures) {
  test(`a failure of ${side} ends it with that failure, and drops both sessions`, async (context) => {
    const { source, target, open } = await pair(context)
    await source.query('create table t as select n from generate_series(1, 200000) n')
    await target.query('create table t (n int); create table refused (n int check (n <> 150000))')
    await using from = await open(source.url)
    await using to = await open(target.url)
    await expect(relayCopy({ source: from, sourceSql, target: to, targetSql })).rejects.toThrow(message)
    expect([from.alive, to.alive]).toEqual([false, false])
    expect(await target.query('select count(*) from t')).toEqual([{ count: '0' }])
  })
}

async function pair(context: TestContext) {
  const databases = await databasePair(context)
  return { ...databases, open: sessionOn }
}
