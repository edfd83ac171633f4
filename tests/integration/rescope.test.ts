import { expect, test } from 'vitest'
import { compareTables } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runVerify } from '../support/engine.ts'
import { leaveLane, stopInit } from '../support/lanes.ts'
import { type Selecting, selecting } from '../support/selecting.ts'

const tables = `
  create table kept (id int primary key, "group" int, note text);
  insert into kept select n, n % 7, repeat('k', 90) from generate_series(1, 5000) n;
  create table narrowed (id int primary key, parent int references narrowed, status text);
  insert into narrowed select n, case when n % 4 = 0 then n / 2 end, case when n % 2 = 0 then 'new' else repeat('o', 90) end from generate_series(1, 4000) n;
  create table gone (id serial primary key, kept int references kept, note text);
  insert into gone (kept, note) select n, repeat('g', 90) from generate_series(1, 3000) n;
  create view gone_notes as select note from gone;
  create function gone_note(gone) returns text language sql as 'select $1.note';
  create table part (id int, at date, primary key (id, at)) partition by range (at);
  create table part_1 partition of part for values from ('2026-01-01') to ('2026-02-01');
  create table part_2 partition of part for values from ('2026-02-01') to ('2026-03-01');
  create index part_at on part (at);
  insert into part select n, '2026-01-15'::date + n % 30 from generate_series(1, 900) n;
  create table bare (id int primary key, kept int references kept, status text);
  insert into bare select n, n from generate_series(1, 50) n;
  create table extra (id int primary key generated always as identity, kept int references kept on delete cascade, bare int references bare);
  insert into extra (kept, bare) select n, n from generate_series(1, 50) n;
  create view extra_of_kept as select k.note from extra e join kept k on k.id = e.kept;
  comment on view extra_of_kept is 'of both';
  create materialized view extra_count as select count(*) from extra_of_kept;
  create index on extra_count (count);
  create table unlucky (id int primary key, gone int);
  create function touched() returns trigger language plpgsql as $$ begin new.status := 'touched'; return new; end $$;
  create trigger touch before insert on narrowed for each row execute function touched();
  create trigger touch before insert on bare for each row execute function touched();
  alter table narrowed enable row level security;
  create policy own on narrowed using (id > 0);
  create rule quiet as on delete to narrowed do instead nothing;
  analyze`

const before: Selecting = { exclude: ['extra', 'part_2'], schemaOnly: ['bare'] }
const after: Selecting = { exclude: ['gone'], filters: [['narrowed', "status = 'new'"]] }

test('the scope of an unfinished copy is changed: only what is not right any more is copied again', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15 })
  await pair.source.query(tables)
  await leaveLane(pair, 3, { snapshotOnly: true, scope: selecting(pair, before) })
  const kept = await traceOf(pair, 'kept')
  await expect(runInit(pair, { scope: selecting(pair, after) })).rejects.toMatchObject({
    problems: [
      {
        code: 'scope-changed',
        message: expect.stringMatching(
          /another scope: 3 relations added \(public\.extra, public\.extra_count, public\.part_2\), 1 relation removed \(public\.gone\), other rows of 2 relations \(public\.bare: no rows → all rows, public\.narrowed: all rows → status = 'new'\)\.$/,
        ),
        hint: expect.stringContaining('Give yes'),
      },
    ],
  })
  expect(await traceOf(pair, 'kept')).toEqual(kept)
  const { result } = await runInit(pair, { yes: true, scope: selecting(pair, after) })
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(result.warnings).toContainEqual(expect.objectContaining({ code: 'scope-changed' }))
  expect(await traceOf(pair, 'kept')).toEqual(kept)
  await expectRight(pair)
})

test('so it is once definitions follow the rows, and whenever the change itself is stopped', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 15 })
  await pair.source.query(tables)
  await initUntilAnalyze(pair, before)
  const kept = await Promise.all(['kept', 'part_1'].map((table) => traceOf(pair, table)))
  const changed = { snapshotOnly: true, scope: selecting(pair, after) }
  await stopInit(pair, (event) => event.type === 'phase-finished' && event.phase === 'scope', { ...changed, yes: true })
  expect(await pair.target.query('select from narrowed')).toEqual([])
  await stopInit(pair, (event) => event.type === 'phase-finished' && event.phase === 'pre-data', changed)
  await stopInit(pair, (event) => event.type === 'phase-finished' && event.phase === 'copy', changed)
  expect((await runInit(pair, changed)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await Promise.all(['kept', 'part_1'].map((table) => traceOf(pair, table)))).toEqual(kept)
  await expectRight(pair)
})

test('each change by itself, one after the other, and back again', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(tables)
  const all = ['kept', 'narrowed', 'gone', 'part_1', 'part_2', 'bare', 'extra']
  const change = async (scope: Selecting, anew: readonly string[], { yes = true } = {}) => {
    const traces = () =>
      Promise.all(all.map(async (table) => [table, ...(await traceOf(pair, table)).map((one) => one['noted'])].join(' ')))
    const was = await traces()
    await initUntilAnalyze(pair, scope, yes)
    const now = await traces()
    expect(all.filter((_, index) => was[index] !== now[index])).toEqual(anew)
  }
  await initUntilAnalyze(pair, { exclude: ['extra'] })
  await change({}, ['extra'], { yes: false })
  await change({ exclude: ['part_2'] }, ['part_2'])
  await change({}, ['part_2'], { yes: false })
  await change({ schemaOnly: ['bare'], exclude: ['extra'] }, ['bare', 'extra'])
  await change({ exclude: ['extra'] }, ['bare'], { yes: false })
  await change({ filters: after.filters ?? [] }, ['narrowed', 'extra'])
  await change(after, ['gone'])
  expect((await runInit(pair, { scope: selecting(pair, after) })).result).toMatchObject({ problems: [], outcome: 'done' })
  await expectRight(pair)
  await expect(runInit(pair, { yes: true, scope: selecting(pair, {}) })).rejects.toMatchObject({
    problems: [
      {
        code: 'target-not-empty',
        message: expect.stringContaining('1 relation added (public.gone), other rows of 1 relation (public.narrowed: '),
      },
    ],
  })
})

/** All is there, but nothing says that it's complete. */
function initUntilAnalyze(pair: DatabasePair, scope: Selecting, yes = false): Promise<void> {
  const late = { yes, snapshotOnly: true, scope: selecting(pair, scope) }
  return stopInit(pair, (event) => event.type === 'phase-started' && event.phase === 'analyze', late)
}

/** Other whenever its rows were written, or its progress noted, anew. */
function traceOf({ target }: DatabasePair, table: string) {
  return target.query(
    `select pg_relation_filenode(table_name::regclass) as file, c.xmin as noted from seren_replicator.copied c where table_name = '${table}'`,
  )
}

async function expectRight(pair: DatabasePair): Promise<void> {
  expect((await runVerify(pair, { snapshotOnly: true, scope: selecting(pair, after) })).result).toMatchObject({
    problems: [],
    outcome: 'done',
  })
  const differences = await compareTables(pair.source.url, pair.target.url, {
    except: ['public.gone'],
    filters: { 'public.narrowed': "status = 'new'" },
  })
  expect(differences).toEqual([])
  expect(
    await pair.target.query("select to_regclass('gone') as gone, to_regclass('gone_notes') as view, to_regproc('gone_note') as note"),
  ).toEqual([{ gone: null, view: null, note: null }])
}
