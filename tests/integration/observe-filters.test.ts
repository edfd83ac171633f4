import { expect, type TestContext, test } from 'vitest'
import type { ScopeRules, TableReference } from '../../src/config/config.ts'
import { freezePredicate } from '../../src/engine/observe/freeze-predicate.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { openObserver } from '../../src/engine/observe/open-observer.ts'
import { readFrozenClock } from '../../src/pg/catalog/frozen-values.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { Plan, TablePlan } from '../../src/plan/plan.ts'
import { createLedgerSql } from '../../src/sql/ledger.ts'
import { clientTools } from '../support/client-tools.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { observing } from '../support/observing.ts'

const table = (text: string): TableReference => ({ text, parts: text.split('.').map((part) => ({ text: part, quoted: false })) })
const filter = (name: string, predicate: string): Partial<ScopeRules> => ({ tableFilters: [{ table: table(name), predicate }] })

test('a window is cut once, as the type of its column asks', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`
    alter database "${pair.source.name}" set timezone = 'Pacific/Kiritimati';
    create table t (zoned timestamptz(3), plain timestamp, "Day" date, other text)`)
  const window = { count: 6, unit: 'month' } as const
  const predicate = async (column: string) => {
    const plan = await planOf(pair, { timeFilters: [{ table: table('t'), column, window }] })
    return { plan, predicate: tableOf(plan, 't').predicate ?? '' }
  }
  const zoned = await predicate('zoned')
  expect(zoned.predicate).toMatch(/^"zoned" >= '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00'::timestamp with time zone$/)
  const plain = await predicate('plain')
  expect(plain.predicate).toMatch(/^"plain" >= '[^+]+'::timestamp without time zone$/)
  expect((await predicate('Day')).predicate).toMatch(/^"Day" >= '\d{4}-\d\d-\d\d'::date$/)
  const cutAt = (one: string) => new Date(`${/'([^+]*?)(?:\.\d+)?(?:\+00)?'/.exec(one)?.[1]}Z`).getTime()
  expect(cutAt(plain.predicate) - cutAt(zoned.predicate)).toBeCloseTo(14 * 3_600_000, -5)
  expect(zoned.plan.databases[0]?.asOf).toMatch(/^\d{4}-\d\d-\d\d /)
  expect((await predicate('other')).plan.problems).toMatchObject([{ code: 'filter-invalid', relation: '"public"."t"' }])
  expect((await predicate('missing')).plan.problems[0]?.message).toContain('it has no column missing')
})

test('a copy that goes on cuts where it began; the next one cuts anew', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query('create table t (at timestamptz)')
  const scope = { timeFilters: [{ table: table('t'), column: 'at', window: { count: 1, unit: 'day' } }] } as const
  const first = (await planOf(pair, scope)).databases[0]
  const [identifier] = await pair.source.query('select system_identifier as id from pg_control_system()')
  await pair.target.query(createLedgerSql)
  await pair.target.query(
    'insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint, as_of) values ($1, $2, $3, $4)',
    [identifier?.['id'], first?.source.oid, first?.fingerprint, '2001-02-03 04:05:06+00'],
  )
  const resumed = await planOf(pair, scope)
  expect(resumed.databases[0]).toMatchObject({ action: 'resume', asOf: '2001-02-03 04:05:06+00', fingerprint: first?.fingerprint })
  expect(tableOf(resumed, 't').predicate).toBe(`"at" >= '2001-02-02 04:05:06+00'::timestamp with time zone`)
  expect((await planOf(pair, scope, { resume: false })).databases[0]?.asOf).toMatch(/^20[2-9]/)
  expect((await planOf(pair, {})).problems).toMatchObject([{ code: 'scope-changed' }])
  await pair.target.query('update seren_replicator.ledger set complete = true')
  expect((await planOf(pair, scope, { dropExisting: true })).databases[0]).toMatchObject({
    action: 'recreate',
    asOf: expect.stringMatching(/^20[2-9]/),
  })
  expect((await planOf(pair, {})).problems).toMatchObject([{ code: 'target-not-empty' }])
})

test.for(['sync', 'verify', 'status'] as const)(
  '%s cuts where the copy began, though a table is new on the source',
  async (command, context) => {
    const pair = await databasePair(context)
    await pair.source.query('create table t (id int primary key, at timestamptz)')
    const scope = { timeFilters: [{ table: table('t'), column: 'at', window: { count: 1, unit: 'day' } }] } as const
    const first = (await planOf(pair, scope)).databases[0]
    const [identifier] = await pair.source.query('select system_identifier as id from pg_control_system()')
    await pair.target.query(createLedgerSql)
    const head =
      'insert into seren_replicator.ledger (source_system_identifier, source_database_oid, fingerprint, as_of, complete) values ($1, $2, $3, $4, true)'
    await pair.target.query(head, [identifier?.['id'], first?.source.oid, first?.fingerprint, '2001-02-03 04:05:06+00'])
    await pair.source.query('create table later (id int primary key)')
    const plan = await planOf(pair, scope, { command, snapshotOnly: false })
    expect(plan.databases[0]?.asOf).toBe('2001-02-03 04:05:06+00')
    expect(tableOf(plan, 't').predicate).toBe(`"at" >= '2001-02-02 04:05:06+00'::timestamp with time zone`)
    await pair.target.query("update seren_replicator.ledger set source_system_identifier = '1'")
    expect((await planOf(pair, scope, { command, snapshotOnly: false })).databases[0]?.asOf).toMatch(/^20[2-9]/)
  },
)

test('a filter counts what the planner expects', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`
    create table plain (i int); insert into plain select generate_series(1, 10000);
    create table parent (i int, k int) partition by list (k);
    create table one partition of parent for values in (1); create table two partition of parent for values in (2);
    insert into parent select i, 1 + i % 2 from generate_series(1, 10000) i;
    create table child () inherits (plain); insert into child select generate_series(1, 500);
    analyze`)
  const plain = tableOf(await planOf(pair, filter('plain', 'i <= 1000')), 'plain')
  expect(plain).toMatchObject({ rule: 'filtered', predicate: 'i <= 1000' })
  expect(Number(plain.estimatedRows)).toBeCloseTo(1000, -2)
  expect(Number(plain.heapBytes)).toBeLessThan(100_000)
  const partitioned = await planOf(pair, filter('parent', 'k = 1 and i > 5000'))
  expect(tableOf(partitioned, 'parent')).toMatchObject({ rule: 'empty', parts: [] })
  expect(tableOf(partitioned, 'one')).toMatchObject({ rule: 'filtered', predicate: 'k = 1 and i > 5000' })
  expect(Number(tableOf(partitioned, 'one').estimatedRows)).toBeCloseTo(2500, -3)
  expect(tableOf(partitioned, 'two')).toMatchObject({ rule: 'filtered', estimatedRows: 0n, heapBytes: 0n })
  expect(tableOf(partitioned, 'child').rule).toBe('copy')
  const named = await planOf(pair, filter('parent', "parent.k = 1 and 'now' > now() - interval '1 day'"))
  expect(tableOf(named, 'one')).toMatchObject({
    predicate: `"k" = 1 and 'true'::boolean`,
    predicateGiven: "parent.k = 1 and 'now' > now() - interval '1 day'",
  })
})

test('what is no sound predicate is refused, and nothing is done', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(filteredTable)
  const refused: readonly (readonly [predicate: string, why: string])[] = [
    ['i > 1) union select i from t where (true', 'syntax error'],
    ['true); drop table t; --', 'syntax error at or near ")" at character 5'],
    ['true) limit 1 --', 'syntax error'],
    ['i > 1; drop table t', 'another statement follows it at character 6'],
    ['i < 500) or (true', 'syntax error at or near ")" at character 8'],
    ['missing > 1', 'it has no column missing; its columns are i, at, t'],
    ['ar > at', 'it has no column ar; the nearest is at'],
    ['t.missing > 1', 'column "missing" does not exist'],
    ['exists (select from t o where o.missing)', 'column o.missing does not exist'],
    ['i in (select i from nowhere)', 'relation "nowhere" does not exist'],
    ['i', 'must be type boolean'],
    ['count(*) > 1', 'aggregate functions are not allowed'],
    ['/* i > 1', 'unterminated'],
    ['random() < 0.1', 'it calls random'],
    ['public.odd(i)', 'it calls odd'],
    ['"Odd"(i)', 'it calls Odd'],
    ['i operator(public.~~~) 1', 'it calls ~~~'],
    ["t = current_setting('search_path')", 'it calls current_setting'],
    ["i in (select n from (select nextval('s')) x (n))", 'it calls nextval'],
    ['gen_random_uuid() is null', 'gen_random_uuid'],
    ['t = current_user', 'CURRENT_USER depends on the session'],
    ["at > 'now'::text::timestamptz", 'which another run would read at another moment'],
    ['i = $1', 'it has a parameter'],
    ["ctid < '(1,1)'", 'ctid says where a row stands'],
    ['i in (select i from t limit 10)', 'LIMIT without ORDER BY'],
    ['i in (select i from t for update)', 'it locks rows'],
    ['i in (with x as (delete from t returning i) select i from x)', 'it changes data'],
    ['i in (select i from t tablesample system (1))', 'TABLESAMPLE'],
    ['i = 1'.padEnd(1_048_576, ' or i = 1'), 'at most 100000 are taken'],
  ]
  await using judge = await judging(context, pair, 't')
  for (const [predicate, why] of refused) expect((await judge(predicate)).error, predicate).toContain(why)
  const { problems } = await planOf(pair, filter('t', 'i > 1; drop table t'))
  expect(problems).toMatchObject([
    { code: 'filter-invalid', relation: '"public"."t"', message: expect.stringContaining('another statement') },
  ])
  expect(await pair.source.query('select count(*) from t')).toEqual([{ count: '0' }])
})

test('what is sound is taken', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(filteredTable)
  const taken = [
    "i > 1 or t like '%now()%'",
    "at >= '2024-01-01' and date_trunc('day', at) < '2025-01-01'",
    'i in (select i from public.t)',
    'i in (select o.i from t o where o.at = t.at and o.t = public.t.t)',
    'exists (with x as (select i from t) select from x, lateral (select x.i) y where y.i = t.i limit 1)',
    'even(i) and public.even(t.i)',
    't.i = 1 and t is not null',
    'i in (select count(*) from t group by i having max(at) < now())',
    't = $$current_date$$ -- today',
  ]
  await using judge = await judging(context, pair, 't')
  for (const predicate of taken) expect((await judge(predicate)).error, predicate).toBeNull()
})

const filteredTable = `
  create table t (i int, at timestamptz, t text);
  create sequence s;
  create function odd(int) returns bool language sql as 'select true';
  create function far(int, int) returns bool language plpgsql as 'begin return random() > 0; end';
  create operator ~~~ (leftarg = int, rightarg = int, function = far);
  create function "Odd"(int) returns bool language sql stable as 'select true';
  create function even(int) returns bool language sql immutable as 'select true'`

test('what reads the clock is evaluated once, where the copy began; the plan keeps both', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(`
    alter database "${pair.source.name}" set timezone = 'Europe/Berlin';
    create schema app; create domain app.since as timestamptz; create type app.mood as enum ('today', 'happy');
    create table app.t (id int, at timestamptz, plain timestamp, day date, note text, mood app.mood, "user" int)`)
  await using judge = await judging(context, pair, 't', '2024-03-30 23:30:00+00')
  expect(judge.clock).toMatchObject({ local: '2024-03-31 00:30:00', today: '2024-03-31', yesterday: '2024-03-30', utc: false })
  for (const [given, sql, error = null] of frozenAt) {
    expect(await judge(given), given).toEqual({ sql, given: given === sql ? null : given, error })
  }
})

/** On 31 March 2024, the clock in Berlin went from 2 to 3. */
const frozenAt: readonly (readonly [given: string, sql: string, error?: string])[] = [
  ["at > NOW() - INTERVAL '1 day'", "at > '2024-03-29 23:30:00+00'::timestamp with time zone"],
  ['at >= current_date -- today\n', "at >= '2024-03-30 23:00:00+00'::timestamp with time zone -- today\n"],
  ['plain >= (now())', "plain >= ('2024-03-31 00:30:00'::timestamp without time zone)"],
  ['day > current_date + 1', "day > '2024-04-01'::date"],
  ["day >= now() - interval '6 months'", "day >= '2023-09-30 00:30:00'::timestamp without time zone"],
  ["at > timestamptz '2024-03-31 03:00'", "at > '2024-03-31 01:00:00+00'::timestamp with time zone"],
  ["at > '2024-03-31 03:00'", "at > '2024-03-31 01:00:00+00'::timestamp with time zone"],
  [
    "at between 'yesterday' and 'tomorrow 06:00'",
    "at between '2024-03-29 23:00:00+00'::timestamp with time zone and '2024-04-01 04:00:00+00'::timestamp with time zone",
  ],
  ['at > pg_catalog."now"()and true', "at > ('2024-03-30 23:30:00+00'::timestamp with time zone)and true"],
  [
    "(at at time zone 'Asia/Tokyo')::date = (now() at time zone 'Asia/Tokyo')::date",
    "(at at time zone 'Asia/Tokyo')::date = '2024-03-31'::date",
  ],
  ['extract(epoch from at) > extract(epoch from now())', "extract(epoch from at) > '1711841400.000000'::numeric"],
  ["at > all (array[now(), 'yesterday'])", `at > all ('{"2024-03-31 00:30:00+01","2024-03-30 00:00:00+01"}'::timestamp with time zone[])`],
  ["age(at) < interval '1 month'", "age('2024-03-31'::date, at) < interval '1 month'"],
  ["at > 'now'::since", "at > '2024-03-31 00:30:00+01'::app.since"],
  ["mood = 'today' and mood = 'today'::mood and note = 'now'", `mood = 'today' and mood = 'today'::"app".mood and note = 'now'`],
  ['t."user" = 1 and t.user = 2', '"user" = 1 and "user" = 2'],
  [
    'id in (select o.id from t o where o.at > now() and o.id = t.id)',
    `id in (select o.id from "app".t o where o.at > '2024-03-30 23:30:00+00'::timestamp with time zone and o.id = copied_row.id)`,
  ],
  ["note like '%now()%' and id < 500", "note like '%now()%' and id < 500"],
  ["now() - interval '9999999 years' < at", "now() - interval '9999999 years' < at", 'timestamp out of range'],
]

/** What becomes of predicates on one table. */
async function judging({ signal }: TestContext, pair: DatabasePair, name: string, asOf = '2024-01-01 00:00:00+00') {
  const config = observing(pair, { clientTools: { kind: 'folder', path: clientTools(pair.source.server.major) } })
  const observed = await observe(config, () => {}, signal)
  const relation = observed.databases.flatMap(({ catalog }) => catalog?.relations ?? []).find((one) => one.name === name)
  if (relation === undefined) throw new Error(`there is no ${name}`)
  const session = await openObserver(config.source, pair.source.name, signal)
  const clock = await readFrozenClock(session, asOf)
  const judge = (predicate: string) => freezePredicate(session, relation, predicate, clock)
  return Object.assign(judge, { clock, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() })
}

async function planOf(pair: DatabasePair, scope: Partial<ScopeRules>, more: Parameters<typeof observing>[1] = {}): Promise<Plan> {
  const tools = { kind: 'folder', path: clientTools(pair.source.server.major) } as const
  const config = observing(pair, { clientTools: tools, ...more }, scope)
  return makePlan(config, await observe(config, () => {}, new AbortController().signal))
}

function tableOf(plan: Plan, name: string): TablePlan {
  const found = plan.databases[0]?.tables.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}
