import { expect, test } from 'vitest'
import type { ScopeRules, TableReference } from '../../src/config/config.ts'
import { observe } from '../../src/engine/observe/observe.ts'
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
})

test('what is no sound predicate is refused, and nothing is done', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(filteredTable)
  const refused: readonly (readonly [predicate: string, why: string])[] = [
    ['i > 1) union select i from t where (true', 'syntax error'],
    ['true); drop table t; --', 'syntax error'],
    ['true) limit 1 --', 'syntax error'],
    ['i > 1; drop table t', 'syntax error'],
    ['missing > 1', 'column "missing" does not exist'],
    ['i', 'must be type boolean'],
    ['count(*) > 1', 'aggregate functions are not allowed'],
    ['/* i > 1', 'unterminated'],
    ["at > NOW() - INTERVAL '1 day'", 'NOW() changes'],
    ['at > "now"()', '"now"() changes'],
    ["at > 'yesterday'", "'yesterday' changes"],
    ['at > CURRENT_TIMESTAMP', 'CURRENT_TIMESTAMP changes'],
    ['random() < 0.1', 'it calls random'],
    ['public.odd(i)', 'it calls odd'],
    ['public."Odd"(i)', 'it calls Odd'],
  ]
  for (const [predicate, why] of refused) {
    const { problems } = await planOf(pair, filter('t', predicate))
    expect(problems, predicate).toMatchObject([{ code: 'filter-invalid', relation: '"public"."t"' }])
    expect(problems[0]?.message, predicate).toContain(why)
  }
  expect(await pair.source.query('select count(*) from t')).toEqual([{ count: '0' }])
})

test('what is sound is taken', async (context) => {
  const pair = await databasePair(context)
  await pair.source.query(filteredTable)
  const taken = [
    "i > 1 or t like '%now()%'",
    "at >= '2024-01-01' and date_trunc('day', at) < '2025-01-01'",
    'i in (select i from public.t)',
    'public.even(i)',
    't = $$current_date$$ -- today',
  ]
  for (const predicate of taken) expect((await planOf(pair, filter('t', predicate))).problems, predicate).toEqual([])
})

const filteredTable = `
  create table t (i int, at timestamptz, t text);
  create function odd(int) returns bool language sql as 'select true';
  create function "Odd"(int) returns bool language sql stable as 'select true';
  create function even(int) returns bool language sql immutable as 'select true'`

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
