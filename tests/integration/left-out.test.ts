import { expect, test } from 'vitest'
import type { CommandResult } from '../../src/plan/results.ts'
import { hasClientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runOn, runVerify } from '../support/engine.ts'
import { selecting } from '../support/selecting.ts'

/** What hangs on `gone`, and can be left out; and what stays. */
const shared = `
  create table gone (id serial primary key, name text);
  insert into gone (name) select 'name ' || n from generate_series(1, 10) n;
  create table kept (id int primary key, gone int references gone, note text);
  insert into kept select n, n, 'note ' || n from generate_series(1, 10) n;
  create table other (id int primary key references kept, gone int);
  insert into other select n, n from generate_series(1, 5) n;

  create view titles as select id, name from gone;
  comment on view titles is 'what is there';
  grant select on titles to public;
  create view loud as select upper(name) as name from titles;
  create view stays as select id, note from kept;
  create materialized view counted as select count(*) as n from loud;
  create unique index counted_n on counted (n);
  create function name_of(gone) returns text language sql immutable as 'select $1.name';
  comment on function name_of(gone) is 'of a row';
  create function all_of() returns setof gone language sql as 'select * from public.gone';
  create function stays_of(kept) returns text language sql immutable as 'select $1.note';
  create function same_name(gone, gone) returns boolean language sql immutable as 'select $1.name = $2.name';
  create operator === (leftarg = gone, rightarg = gone, procedure = same_name);
  create function as_text(gone) returns text language sql immutable as 'select $1.name';
  create cast (gone as text) with function as_text(gone);
  create function longest(text, gone) returns text language sql immutable as 'select greatest($1, $2.name)';
  create aggregate longest_name(gone) (sfunc = longest, stype = text);
  create type pair_of_gone as (one gone, two gone);
  create function in_pair(pair_of_gone) returns int language sql as 'select 1';

  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger stays_too before insert on kept for each row execute function touch();
  create constraint trigger watched after insert on kept from gone for each row execute function touch();
  create rule mirror as on delete to kept do also delete from gone where id = old.gone;
  create view grouped as select id, name, count(*) from gone group by id;
  create table tree (id int not null, gone int references gone) partition by range (id);
  create table branch partition of tree for values from (1) to (100);
  create trigger conditional after insert on tree for each row when (name_of(null) is null) execute function touch();
  create trigger whatever after insert on tree for each row execute function touch();
  insert into tree values (1, 1), (2, 2);
  alter table other enable row level security;
  create policy sees on other using (exists (select from gone where gone.id = other.gone));
  create policy sees_all on other using (id > 0);
  comment on policy sees on other is 'by what is there'`

const ofShared = [
  'aggregate public.longest_name(public.gone) needs table public.gone',
  'cast (public.gone AS pg_catalog.text) needs table public.gone',
  'foreign key kept_gone_fkey on public.kept needs table public.gone',
  'foreign key tree_gone_fkey on public.tree needs table public.gone',
  'function public.all_of() needs table public.gone',
  'function public.as_text(public.gone) needs table public.gone',
  'function public.in_pair(public.pair_of_gone) needs type public.pair_of_gone',
  'function public.longest(pg_catalog.text,public.gone) needs table public.gone',
  'function public.name_of(public.gone) needs table public.gone',
  'function public.same_name(public.gone,public.gone) needs table public.gone',
  'materialized view public.counted needs view public.loud',
  'operator public.===(public.gone,public.gone) needs table public.gone',
  'policy sees on public.other needs table public.gone',
  'rule mirror on public.kept needs table public.gone',
  'trigger conditional on public.tree needs table public.gone',
  'trigger watched on public.kept needs table public.gone',
  'type public.pair_of_gone needs table public.gone',
  'view public.grouped needs table public.gone',
  'view public.loud needs view public.titles',
  'view public.titles needs table public.gone',
]

/** From 14 on bodies of functions, and expressions of statistics, are looked into. */
const since14 = `
  create function name_by(int) returns text language sql stable begin atomic select name from gone where id = $1; end;
  create statistics of_names on (public.as_gone(note)), (length(note)) from kept`

const of14 = [
  'function public.as_gone(pg_catalog.text) needs table public.gone',
  'function public.name_by(integer) needs table public.gone',
  'statistics object public.of_names needs function public.as_gone(pg_catalog.text)',
]

function leftOutOf({ databases }: CommandResult): string[] {
  return (databases[0]?.leftOut ?? []).map(({ object, needs }) => `${object} needs ${needs}`).toSorted()
}

async function withoutGone(pair: DatabasePair): Promise<void> {
  await pair.source.query(shared)
  if (pair.source.server.major < 14) return
  await pair.source.query(
    `create function as_gone(text) returns int language sql immutable begin atomic select id from gone; end; ${since14}`,
  )
}

const pairs = [
  [12, 15],
  [15, 18],
  [18, 18],
] as const

for (const [source, target] of pairs) {
  test.skipIf(!hasClientTools(source))(
    `what needs an excluded table is left out and named, and nothing else, from ${source} to ${target}`,
    async (context) => {
      const pair = await databasePair(context, { source, target })
      await withoutGone(pair)
      const scope = selecting(pair, { exclude: ['gone'] })
      const planned = await runOn(pair, 'plan', { scope, snapshotOnly: true })
      const expected = [...ofShared, ...(source < 14 ? [] : of14)].toSorted()
      expect(leftOutOf(planned.result)).toEqual(expected)
      const warnings = planned.result.warnings.filter(({ code }) => code === 'left-out')
      expect(warnings).toMatchObject([{ message: expect.stringContaining(`${expected.length} objects need what is excluded`) }])

      const { result } = await runInit(pair, { scope })
      expect(result).toMatchObject({ problems: [], outcome: 'done' })
      expect(result.warnings.map(({ code }) => code).filter((code) => code !== 'left-out')).toEqual(
        planned.result.warnings.map(({ code }) => code).filter((code) => code !== 'left-out'),
      )
      expect((await runVerify(pair, { scope })).result).toMatchObject({ problems: [], outcome: 'done' })
      const there = await pair.target.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm') order by 1`,
      )
      expect(there.map(({ name }) => name)).toEqual(['branch', 'kept', 'other', 'stays'])
      expect(await pair.target.query('select * from kept')).toHaveLength(10)

      // What isn't left out is still missed.
      await pair.target.query('drop view stays; drop policy sees_all on other; alter table other drop constraint other_id_fkey')
      const lacking = (await runVerify(pair, { scope })).result
      expect(lacking.outcome).toBe('different')
      expect(
        lacking.databases[0]?.schemaDifferences?.map(({ kind, object, identity }) => `${kind} ${object} ${identity}`).toSorted(),
      ).toEqual([
        'missing policy sees_all on public.other',
        'missing table constraint other_id_fkey on public.other',
        'missing view public.stays',
      ])
    },
  )
}
