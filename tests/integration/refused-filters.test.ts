import { expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { Config } from '../../src/config/config.ts'
import { parseTableFilter } from '../../src/config/filters.ts'
import type { Problem } from '../../src/errors.ts'
import { expectDone, expectRemoved } from '../support/continuous.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runOn } from '../support/engine.ts'

const tables = `
  create type mood as enum ('sad', 'happy');
  create function odd(int) returns bool language sql immutable as 'select $1 % 2 = 1';
  create function concerns(int, int) returns bool language sql immutable as 'select true';
  create operator ~~~ (leftarg = int, rightarg = int, function = concerns);
  do $$ begin
    for i in 1..7 loop
      execute format('create table t%s (id int primary key, note text, at timestamptz, feeling mood)', i);
      execute format('insert into t%s select n, ''a'', now(), ''sad'' from generate_series(1, 9) n', i);
    end loop;
  end $$`

/** A filter of each table, and why it's refused. */
const filters: readonly (readonly [filter: string, why: RegExp])[] = [
  ['t1: id in (select id from t2)', /only columns, constants, .* are allowed/],
  ['t2: exists (select from t1 o where o.id = t2.id)', /a row filter takes no subquery/],
  ['t3: odd(id)', /user-defined or built-in mutable functions are not allowed/],
  ['t4: id operator(public.~~~) 2', /user-defined operators are not allowed/],
  ["t5: id > 0 and feeling = 'happy'", /user-defined types are not allowed/],
  ["t6: to_char(at, 'YYYY') > '2000'", /user-defined or built-in mutable functions are not allowed/],
]

test.for<readonly [ServerMajor, ServerMajor]>([
  [15, 18],
  [18, 17],
])('what %i can not publish is refused with every way out, and copied by a snapshot', async ([source, target], context) => {
  const pair = await databasePair(context, { source, target })
  await pair.source.query(tables)
  const all = { scope: scope(...filters.map(([one]) => one), "t7: note = 'a'") }
  const { problems } = (await runOn(pair, 'validate', all)).result
  for (const [filter, why] of filters) {
    const found = problems.find(({ message }) => message.includes(`public.${filter.slice(0, 2)}`))
    expect(found?.message, filter).toMatch(why)
    expect(found, filter).toMatchObject({
      code: 'row-filter-refused',
      hint: expect.stringMatching(/literals.*exclude-tables.*snapshot-only/),
    })
  }
  const identity = problems.filter(({ code }) => code === 'replica-identity')
  expect(identity).toMatchObject([
    {
      message: 'Updates and deletes of 1 table would fail once published: public.t7 (a filter on columns outside of its replica identity).',
      hint: expect.stringMatching(/columns of the key alone.*full.*insert-only.*skip.*snapshot-only/),
      sql: 'ALTER TABLE "public"."t7" REPLICA IDENTITY FULL;',
    },
  ])
  // Whole rows don't make a subquery publishable.
  const full = (await runOn(pair, 'validate', { ...all, replicaIdentity: 'full' })).result.problems
  expect(new Set(codes(full))).toEqual(new Set(['row-filter-refused']))
  expect((await runOn(pair, 'validate', { ...all, snapshotOnly: true })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runOn(pair, 'init', { ...all, snapshotOnly: true })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runOn(pair, 'verify', all)).result).toMatchObject({ problems: [], outcome: 'done' })
})

test('12 has no row filters: refused for replication with the ways out, copied by a snapshot', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 18 })
  await pair.source.query(tables)
  const asked = { scope: scope('t1: id < 5', "t7: note = 'a'") }
  for (const replicaIdentity of ['refuse', 'full', 'insert-only'] as const) {
    const { problems } = (await runOn(pair, 'validate', { ...asked, replicaIdentity })).result
    expect(problems).toMatchObject([
      {
        code: 'row-filter-refused',
        message: "The source can't publish 2 filtered tables: public.t1, public.t7: PostgreSQL 12 has no row filters, 15 and later have.",
        hint: expect.stringMatching(/15 or later.*exclude-tables, schema-only-tables.*snapshot-only/),
      },
    ])
  }
  await expectDone(pair, 'validate', { ...asked, snapshotOnly: true })
})

test.for([
  ['full', 15],
  ['full', 18],
  ['insert-only', 15],
] as const)('with %s, a filter of columns outside of the key is followed from %i', async ([replicaIdentity, source], context) => {
  const pair = await databasePair(context, { source })
  await pair.source.query(tables)
  const asked = { replicaIdentity, scope: { ...scope("t7: note = 'a'"), includeTables: [parseTableFilter('t7:x').table] } }
  await pair.source.query("update t7 set note = 'b' where id < 4")
  for (const command of ['init', 'sync'] as const) await allowed(pair, command, asked)
  await pair.source.query(`
    insert into t7 values (20, 'a'), (21, 'b');
    update t7 set note = 'b' where id = 5; update t7 set note = 'a' where id = 1; delete from t7 where id = 6`)
  const ids = async () => (await pair.target.query<{ id: string }>('select id from t7 order by id')).map(({ id }) => Number(id))
  const expected = replicaIdentity === 'full' ? [1, 4, 7, 8, 9, 20] : [4, 5, 6, 7, 8, 9, 20]
  await expect.poll(ids, { timeout: 20_000 }).toEqual(expected)
  if (replicaIdentity === 'full') await allowed(pair, 'verify', asked)
  await expectRemoved(pair, asked)
})

async function allowed(pair: DatabasePair, command: 'init' | 'sync' | 'verify', overrides: Partial<Config>): Promise<void> {
  expect((await runOn(pair, command, overrides)).result, command).toMatchObject({ problems: [], outcome: 'done' })
}

function scope(...texts: readonly string[]): Config['scope'] {
  return { tableFilters: texts.map(parseTableFilter) } as unknown as Config['scope']
}

function codes(problems: readonly Problem[]): string[] {
  return problems.map(({ code }) => code)
}
