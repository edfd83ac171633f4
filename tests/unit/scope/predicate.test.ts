import { describe, expect, test } from 'vitest'
import { predicateOf } from '../../../src/scope/predicate.ts'
import { findUnstable } from '../../../src/scope/unstable-expression.ts'

const columns = [
  { name: 'at', type: 'timestamp(3) with time zone' },
  { name: 'Local', type: 'timestamp without time zone' },
  { name: 'day', type: 'date' },
  { name: 'n', type: 'integer' },
]
const cutOffs = new Map([['6 month', { instant: '2024-06-30 12:00:00+00', local: '2024-06-30 14:00:00' }]])
const window = { count: 6, unit: 'month' } as const

test.each([
  ['at', `"at" >= '2024-06-30 12:00:00+00'::timestamp with time zone`],
  ['Local', `"Local" >= '2024-06-30 14:00:00'::timestamp without time zone`],
  ['day', `"day" >= '2024-06-30'::date`],
])('a window over %s', (column, sql) => {
  expect(predicateOf([{ kind: 'time', column, window }], columns, cutOffs)).toEqual({ sql, error: null })
})

test.each([
  ['missing', 'it has no column missing; its columns are at, Local, day, n'],
  ['n', 'its column n is of type integer, and a time filter needs a date or timestamp'],
])('no window over %s', (column, error) => {
  expect(predicateOf([{ kind: 'time', column, window }], columns, cutOffs)).toMatchObject({ error })
})

test('several conditions are joined, whatever they are', () => {
  const { sql } = predicateOf(
    [
      { kind: 'predicate', predicate: 'n > 1 or n < 0 -- both' },
      { kind: 'time', column: 'day', window },
    ],
    columns,
    cutOffs,
  )
  expect(sql).toBe(`(n > 1 or n < 0 -- both\n) and ("day" >= '2024-06-30'::date\n)`)
})

describe('what is unstable', () => {
  test.each([
    ['at > now()', 'now()'],
    ['at > NOW ()', 'NOW()'],
    ['at > pg_catalog."now"()', '"now"()'],
    ['at > Current_Date - 7', 'Current_Date'],
    ['owner = user', 'user'],
    ['owner = session_user', 'session_user'],
    ["at > 'now'", "'now'"],
    ["at > E' Yesterday '", "' Yesterday '"],
    ["at > ' Yesterday '", "' Yesterday '"],
    ['at > $$today$$', "'today'"],
    ["x = 'a\\' or at > now() or x = 'b'", 'now()'],
    ['/* /* */ now() */ true', 'now()'],
    ["current_setting('x') = 'y'", 'current_setting()'],
    ["age(at) < '1 day'", 'age()'],
    ['pg_sleep(1) is null', 'pg_sleep()'],
    ["n = 1 and at > '2024-01-01'", undefined],
    ["note like '%now()%'", undefined],
    ["note = 'it''s now() or never'", undefined],
    ["note = E'\\' now()'", undefined],
    ['-- now()\n true', undefined],
    ['t.user = 1', undefined],
    ['"user" = 1', undefined],
    ['know(1) and snow > 1', undefined],
    ['now > 1', undefined],
    ["status = 'nowhere'", undefined],
    ['$1$ now() $1$ = note', undefined],
  ])('%s', (predicate, expected) => {
    expect(findUnstable(predicate)).toBe(expected)
  })
})
