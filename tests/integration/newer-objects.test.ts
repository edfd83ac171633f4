import { expect, test } from 'vitest'
import { readNewerObjects } from '../../src/pg/catalog/newer-objects.ts'
import { databasePair } from '../support/database-pair.ts'
import { sessionOn } from '../support/session.ts'

const definitions = `
  create table item (id int primary key, a int, b int, t text compression pglz, unique nulls not distinct (a));
  create function f() returns int language sql begin atomic; select 1; end;
  create statistics s on (a + 1) from item;
  create table child (x int, y int references item on delete set null (y));
  create view careful with (security_invoker) as select 1 as one`

const newest = `
  create extension btree_gist;
  create collation rules (provider = icu, locale = 'und', rules = '& V << w <<< W');
  create collation own (provider = builtin, locale = 'C.UTF-8');
  create view made as select json_array(1, 2) as made;
  create view asked as select * from json_table('[1]'::jsonb, '$[*]' columns (a int path '$'));
  create table span (id int, during tstzrange, constraint span_key primary key (id, during without overlaps));
  create table loose (a int constraint positive check (a > 0) not enforced, b int);
  alter table loose add constraint later not null b not valid`

const from14to15 = [
  [14, 'function public.f()'],
  [14, 'statistics object public.s'],
  [14, 'table public.item'],
  [15, 'table constraint child_y_fkey on public.child'],
  [15, 'index public.item_a_key'],
  [15, 'view public.careful'],
]
const from16to18 = [
  [16, 'collation public.rules'],
  [16, 'view public.made'],
  [17, 'collation public.own'],
  [17, 'view public.asked'],
  [18, 'table constraint later on public.loose'],
  [18, 'table constraint positive on public.loose'],
  [18, 'table constraint span_key on public.span'],
]

for (const [major, sql, expected] of [
  [12, 'create table item (id int primary key)', []],
  [15, definitions, from14to15],
  [18, `${definitions};${newest}`, [...from14to15, ...from16to18]],
] as const) {
  test(`what majors before ${major} can't define is found`, async (context) => {
    const pair = await databasePair(context, { source: major, target: 15 })
    await pair.source.query(sql)
    await using session = await sessionOn(pair.source.url)
    const found = await readNewerObjects(session)
    expect(found.map(({ since, object }) => [since, object]).sort()).toEqual([...expected].sort())
  })
}
