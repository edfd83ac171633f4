import { expect, test } from 'vitest'
import { joinPredicates, timePredicate } from '../../../src/scope/predicate.ts'

const columns = [
  { name: 'at', type: 'timestamp(3) with time zone' },
  { name: 'Local', type: 'timestamp without time zone' },
  { name: 'day', type: 'date' },
  { name: 'n', type: 'integer' },
]
const cutOffs = new Map([['6 month', { instant: '2024-06-30 12:00:00+00', local: '2024-06-30 14:00:00', day: '2024-07-01' }]])
const window = { count: 6, unit: 'month' } as const

test.each([
  ['at', `"at" >= '2024-06-30 12:00:00+00'::timestamp with time zone`],
  ['Local', `"Local" >= '2024-06-30 14:00:00'::timestamp without time zone`],
  ['day', `"day" >= '2024-07-01'::date`],
])('a window over %s', (column, sql) => {
  const given = `"${column}" >= now() - interval '6 month'`
  expect(timePredicate({ kind: 'time', column, window }, columns, cutOffs)).toEqual({ sql, given, error: null })
})

test.each([
  ['missing', columns, 'it has no column missing; its columns are at, Local, day, n'],
  ['lokal', columns, 'it has no column lokal; the nearest is Local'],
  ['n', columns, 'its column n is of type integer, and a time filter needs a date or timestamp: at, Local, day'],
  ['n', columns.slice(3), 'its column n is of type integer, and a time filter needs a date or timestamp, of which it has none'],
])('no window over %s', (column, having, error) => {
  expect(timePredicate({ kind: 'time', column, window }, having, cutOffs)).toMatchObject({ error })
})

test('several conditions are joined, whatever they are', () => {
  const written = { sql: 'n > 1 or n < 0 -- both', given: null, error: null }
  const cut = { sql: `"day" >= '2024-06-30'::date`, given: `"day" >= now()`, error: null }
  expect(joinPredicates([written, cut])).toEqual({
    sql: `(n > 1 or n < 0 -- both\n) and ("day" >= '2024-06-30'::date\n)`,
    given: `(n > 1 or n < 0 -- both\n) and ("day" >= now()\n)`,
    error: null,
  })
  expect(joinPredicates([written])).toEqual(written)
  expect(joinPredicates([written, { sql: '', given: null, error: 'no' }])).toMatchObject({ error: 'no' })
})
