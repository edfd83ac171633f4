import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { observe } from '../../src/engine/observe/observe.ts'
import { replicateAll } from '../../src/engine/replicate-all.ts'
import type { Event } from '../../src/events.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { TablePart } from '../../src/plan/plan.ts'
import { outputsOf } from '../../src/report/actions-outputs.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig, runInit } from '../support/engine.ts'

const tables = `
  create table big as select n as id, repeat(md5(n::text), 8) as text from generate_series(1, 60000) n;
  alter table big add primary key (id);
  create table small as select n as id, n as big_id from generate_series(1, 1000) n;
  alter table small add foreign key (big_id) references big;
  analyze`

test('a table that fails does not stop the others, and the next run takes only what is missing', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(tables)
  // Refuses every value on one of the two servers alone.
  await pair.source.query(`create domain picky as text check (current_setting('server_version_num')::int < 160000);
    create table refused (value picky); insert into refused values ('a'), ('b')`)

  const first = await runInit(pair)
  expect(first.result.outcome).toBe('failed')
  expect(first.result.problems).toMatchObject([{ code: 'copy-failed', relation: '"public"."refused"' }])
  // PostgreSQL's detail quotes the row.
  expect(inspect(first, { depth: null })).not.toContain('(a)')
  expect(await pair.target.query('select count(*) from big')).toEqual([{ count: '60000' }])

  await pair.target.query('alter domain picky drop constraint picky_check')
  const second = await runInit(pair)
  expect(second.result).toMatchObject({ problems: [], outcome: 'done' })
  expect(started(second.events)).toEqual(['refused'])
  expect(second.result.warnings.map((one) => one.code)).toContain('several-snapshots')
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  const unanalyzed = `select relname from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace
    and not exists (select from pg_stats s where s.schemaname = 'public' and s.tablename = c.relname)`
  expect(await pair.target.query(unanalyzed)).toEqual([])

  const third = await runInit(pair)
  expect(third.result).toMatchObject({ problems: [], outcome: 'done' })
  expect(started(third.events)).toEqual([])
  // A workflow that goes on until nothing remains must come to an end.
  expect(third.result.databases[0]?.tables.map(({ resumed }) => resumed)).toEqual([true, true, true])
  expect(outputsOf(third.result, '')).toMatchObject({ complete: 'true', 'remaining-tables': '0', 'has-work': 'false', 'rows-copied': '0' })
})

test('a table that is emptied while others are copied is not taken for empty', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(tables)
  let emptied: Promise<unknown> | undefined
  const first = await runInit(pair, { jobs: 1 }, undefined, (event) => {
    if (event.type === 'table-started' && event.table.name === 'big')
      emptied ??= pair.source.query('truncate small; insert into small values (1, 1)')
  })
  await emptied
  expect(first.result.problems).toMatchObject([{ code: 'table-rewritten', relation: '"public"."small"' }])
  const second = await runInit(pair)
  expect(second.result).toMatchObject({ problems: [], outcome: 'done' })
  expect(started(second.events)).toEqual(['small'])
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
})

const splits: readonly [string, 12 | 15, readonly TablePart[]][] = [
  [
    'block ranges',
    15,
    [
      { by: 'ctid', from: null, to: 700 },
      { by: 'ctid', from: 700, to: 1400 },
      { by: 'ctid', from: 1400, to: null },
    ],
  ],
  [
    'key ranges',
    12,
    [
      { by: 'key', column: 'id', from: null, to: '20000' },
      { by: 'key', column: 'id', from: '20000', to: '40001' },
      { by: 'key', column: 'id', from: '40001', to: null },
    ],
  ],
]

for (const [name, source, parts] of splits) {
  test(`a table in ${name} arrives whole, and starts over when its parts are of different snapshots`, async (context) => {
    const pair = await databasePair(context, { source })
    await pair.source.query(tables)
    const stop = new AbortController()
    await expect(
      copyInParts(
        pair,
        parts,
        stop.signal,
        (event) => event.type === 'table-finished' && event.table.name === 'big' && stop.abort(new Error('stop')),
      ),
    ).resolves.toMatchObject({ interrupted: true })
    const [done] = await pair.target.query(`select count(*) from seren_replicator.copied where table_name = 'big'`)
    expect(Number(done?.['count'])).toBeGreaterThan(0)
    await pair.source.query('update big set text = id::text where id % 100 = 0; delete from big where id % 1000 = 1 and id > 1000')
    const outcome = await copyInParts(pair, parts, new AbortController().signal, () => {})
    expect(outcome).toMatchObject({ interrupted: false, failures: [] })
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  })
}

test('a table in parts that can not be emptied does not stop the others', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(tables)
  const parts: TablePart[] = [
    { by: 'ctid', from: null, to: 700 },
    { by: 'ctid', from: 700, to: null },
  ]
  const stop = new AbortController()
  const copying = (event: Event) => event.type === 'phase-started' && event.phase === 'copy' && stop.abort(new Error('stop'))
  await expect(copyInParts(pair, parts, stop.signal, copying)).resolves.toMatchObject({ interrupted: true })
  await pair.target.query('drop table big')
  const outcome = await copyInParts(pair, parts, new AbortController().signal, () => {}, 1)
  expect(outcome?.failures).toMatchObject([{ code: 'copy-failed', relation: '"public"."big"' }])
  expect(await pair.target.query('select count(*) from small')).toEqual([{ count: '1000' }])
})

test('a table that was begun in parts and is copied whole leaves no part in the ledger', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(tables)
  const parts: TablePart[] = [
    { by: 'ctid', from: null, to: 10 },
    { by: 'ctid', from: 10, to: 20 },
    { by: 'ctid', from: 20, to: null },
  ]
  const stop = new AbortController()
  const twoParts = (event: Event) => event.type === 'table-finished' && event.part === 1 && stop.abort(new Error('stop'))
  await expect(copyInParts(pair, parts, stop.signal, twoParts, 1)).resolves.toMatchObject({ interrupted: true })
  await expect(copyInParts(pair, [{ by: 'whole' }], new AbortController().signal, () => {})).resolves.toMatchObject({ failures: [] })
  expect(await pair.target.query("select part, parts from seren_replicator.copied where table_name = 'big'")).toEqual([
    { part: '0', parts: '1' },
  ])
})

test('a time budget that is longer than a timer can be does not end the run at once', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t ()')
  expect((await runInit(pair, { timeBudget: 30 * 86_400 })).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('a run that was killed before the database got its last settings is finished by the next one', async (context) => {
  const pair = await databasePair(context)
  const limit = (value: number) => `alter database "${pair.source.name}" connection limit ${value}`
  await pair.source.query(`create table t (); ${limit(7)}`)
  expect((await runInit(pair)).result.outcome).toBe('done')
  await pair.target.query(`${limit(-1)}; update seren_replicator.ledger set finished_at = null`)
  const shown = () => pair.target.query('select datconnlimit from pg_database where datname = current_database()')
  expect((await runInit(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await shown()).toEqual([{ datconnlimit: '7' }])
  await pair.target.query(limit(-1))
  expect((await runInit(pair)).result.outcome).toBe('done')
  expect(await shown()).toEqual([{ datconnlimit: '-1' }])
})

async function copyInParts(
  pair: DatabasePair,
  parts: readonly TablePart[],
  signal: AbortSignal,
  watch: (event: Event) => void,
  jobs?: number,
) {
  const config = engineConfig(pair, { snapshotOnly: true })
  const observed = await observe(config, watch, signal)
  const plan = makePlan(config, observed)
  expect(plan.problems).toEqual([])
  const databases = plan.databases.map((database) => ({
    ...database,
    tables: database.tables.map((table) => (table.name === 'big' ? { ...table, parts } : table)),
  }))
  const outcomes = await replicateAll({ config, observed, plan: { ...plan, databases, jobs: jobs ?? plan.jobs }, emit: watch, signal })
  return outcomes.get(pair.source.name)
}

function started(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.type === 'table-started' ? [event.table.name] : []))
}
