import { expect, test } from 'vitest'
import { databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'
import { selecting } from '../support/selecting.ts'

const before = `
  create table gone (id int primary key);
  create table kept (id int primary key references gone, note text);
  create view of_gone as select * from gone;
  create function all_gone() returns setof gone language sql begin atomic select * from gone; end;
  create policy sees on kept using (id in (select id from gone));
  insert into gone select generate_series(1, 10);
  insert into kept select n, 'note ' || n from generate_series(1, 10) n;
  create domain picky as text check (current_setting('server_version_num')::int < 160000);
  create table refused (id int primary key, value picky);
  insert into refused values (1, 'a')`

/** New while it's followed: more that needs the excluded table, in a table that's to come. */
const later = `
  create view of_gone_too as select * from gone;
  create materialized view counted as select count(*) as n from gone;
  create table late (id int primary key, gone int references gone, kept int references kept);
  create function seen(late) returns boolean language sql stable begin atomic select exists (select from gone where id = $1.gone); end;
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger watched before insert on late for each row when (new.gone > 0) execute function touch();
  create trigger unseen after update on late for each row when (public.seen(old)) execute function touch();
  create policy by_gone on late using (gone in (select id from gone));
  create policy by_id on late using (id > 0);
  create statistics of_late (dependencies) on gone, kept from late;
  insert into late select n, n, n from generate_series(1, 10) n`

test('what is left out stays out when a copy goes on, is followed, takes in a table, and is cleaned up', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await pair.source.query(before)
  const scope = selecting(pair, { exclude: ['gone'] })
  const run = (command: Parameters<typeof runOn>[1], more: Parameters<typeof runOn>[2] = {}) => runOn(pair, command, { scope, ...more })
  const first = await run('init')
  expect(first.result.problems).toMatchObject([{ code: 'copy-failed' }])
  // Views come to be, and go, at any time: that's no other scope.
  await pair.source.query(later)
  await pair.source.query('drop table late cascade; drop materialized view counted; drop function touch')
  await pair.target.query('alter domain picky drop constraint picky_check')
  expect((await run('init')).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await run('sync')).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await run('init')).result).toMatchObject({ problems: [], outcome: 'done' })

  await pair.source.query('drop view of_gone_too')
  await pair.source.query(later)
  const { result } = await run('sync', { addTables: true })
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(result.warnings.map(({ code }) => code)).toContain('left-out')
  await pair.source.query('update late set gone = 11 - gone')
  await expect.poll(() => pair.target.query('select from late where gone = 1 and id = 10'), { timeout: 20_000 }).toHaveLength(1)
  const names = await pair.target.query<{ name: string }>(`
    select conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
    union all select polname from pg_policy
    union all select tgname from pg_trigger where not tgisinternal
    union all select stxname from pg_statistic_ext
    union all select relname from pg_class where relkind in ('r', 'v', 'm') and relnamespace = 'public'::regnamespace
    union all select proname from pg_proc where pronamespace = 'public'::regnamespace`)
  expect(names.map(({ name }) => name).toSorted()).toEqual([
    'by_id',
    'kept',
    'late',
    'late_kept_fkey',
    'of_late',
    'refused',
    'touch',
    'watched',
  ])
  const compared = (await run('verify')).result
  expect(compared.databases[0]?.schemaDifferences?.map(({ kind, object, identity }) => `${kind} ${object} ${identity}`)).toEqual([
    'missing domain constraint picky_check on public.picky',
  ])

  const cleaned = (await run('cleanup')).result
  expect(cleaned).toMatchObject({ problems: [], warnings: [], outcome: 'done' })
})
