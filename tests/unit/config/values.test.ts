import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTableFilter, parseTimeFilter } from '../../../src/config/filters.ts'
import { nearest } from '../../../src/config/nearest.ts'
import { parseBoolean, parseBytes, parseDuration, parseTimeWindow, parseWholeNumber } from '../../../src/config/quantities.ts'
import { splitList } from '../../../src/config/split-list.ts'
import { parseDatabaseName, parseTableReference } from '../../../src/config/table-reference.ts'

describe('durations, in seconds', () => {
  test.each([
    ['330m', 19_800],
    ['500ms', 0.5],
    ['90s', 90],
    ['1h30m', 5400],
    ['1 h 30 m', 5400],
    ['2d', 172_800],
    ['1.5h', 5400],
    ['0', 0],
  ])('%s', (text, seconds) => expect(parseDuration(text)).toBe(seconds))
  test.each(['', '5', '-5m', '5x', 'm', '5m x', '1e3s'])('refuses %j', (text) =>
    expect(() => parseDuration(text)).toThrow('expected a duration'),
  )
})

describe('bytes', () => {
  test.each([
    ['0', 0n],
    ['1048576', 1_048_576n],
    ['16MB', 16_777_216n],
    ['16 mib', 16_777_216n],
    ['1.5GB', 1_610_612_736n],
    ['2k', 2048n],
    ['9007199254740993', 9_007_199_254_740_993n],
  ])('%s', (text, bytes) => expect(parseBytes(text)).toBe(bytes))
  test.each(['', '-1', 'MB', '1XB', '1,5GB'])('refuses %j', (text) => expect(() => parseBytes(text)).toThrow('expected a number of bytes'))
})

describe('windows of time', () => {
  test.each([
    ['6 months', 6, 'month'],
    ['1 day', 1, 'day'],
    ['90d', 90, 'day'],
    ['2 Weeks', 2, 'week'],
    ['1y', 1, 'year'],
    ['30 min', 30, 'minute'],
    ['45s', 45, 'second'],
    ['12h', 12, 'hour'],
  ] as const)('%s', (text, count, unit) => expect(parseTimeWindow(text)).toEqual({ count, unit }))
  test.each(['', '6', 'months', '-6 months', '0 days', '1.5 days', '6m', '6 fortnights', '99999999999 years'])('refuses %j', (text) =>
    expect(() => parseTimeWindow(text)).toThrow(/window/),
  )
})

test('booleans', () => {
  expect(['true', 'YES', ' on ', '1'].map(parseBoolean)).toEqual([true, true, true, true])
  expect(['false', 'no', 'Off', '0'].map(parseBoolean)).toEqual([false, false, false, false])
  expect(() => parseBoolean('maybe')).toThrow('expected true or false')
})

test('whole numbers', () => {
  expect(parseWholeNumber('8', 1, 64)).toBe(8)
  for (const text of ['0', '65', '-1', '1.5', 'x', '', '1e1']) expect(() => parseWholeNumber(text, 1, 64)).toThrow('whole number')
})

describe('lists', () => {
  test('lines, comments, commas outside of quotes', () => {
    expect(splitList('a, b\n# c, d\n\n "x,y".z ,w\r\n', { commas: true })).toEqual(['a', 'b', '"x,y".z', 'w'])
  })
  test('no commas where an item may hold one', () => {
    expect(splitList(['t:a in (1, 2)\n#u:b', 't:c'], { commas: false })).toEqual(['t:a in (1, 2)', 't:c'])
  })
})

describe('table names', () => {
  test.each([
    ['film', ['film']],
    ['public.film', ['public', 'film']],
    ['shop.public.film_*', ['shop', 'public', 'film_*']],
    ['"My Schema"."a.b"', ['"My Schema', '"a.b']],
    [' my-db . "odd ""name""" ', ['my-db', '"odd "name"']],
    ['数据.表', ['数据', '表']],
  ])('%s', (text, parts) =>
    expect(parseTableReference(text).parts.map((part) => (part.quoted ? `"${part.text}` : part.text))).toEqual(parts),
  )

  test.each([
    ['', 'a name is missing'],
    ['a..b', 'an empty part'],
    ['.a', 'an empty part'],
    ['""', 'a name is missing|an empty part'],
    ['a.b.c.d', '4 parts'],
    ['"a', 'quotes'],
    ['a"b"', 'quotes'],
    ['"a"b', 'quotes'],
    ['x'.repeat(64), '63 bytes'],
    ['表'.repeat(22), '63 bytes'],
  ])('refuses %j', (text, message) => expect(() => parseTableReference(text)).toThrow(new RegExp(message)))

  test('any names come back from their quoted form', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((one) => !one.includes('\0') && Buffer.byteLength(one) <= 63)
    const quote = (one: string) => `"${one.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (names) => {
        expect(parseTableReference(names.map(quote).join('.')).parts).toEqual(names.map((text) => ({ text, quoted: true })))
      }),
    )
  })

  test('a database name may hold a dot without quotes', () => {
    expect(parseDatabaseName(' my.db ')).toEqual({ text: 'my.db', quoted: false })
    expect(parseDatabaseName('"my*db"')).toEqual({ text: 'my*db', quoted: true })
    expect(() => parseDatabaseName('"a"."b"')).toThrow('one database')
  })
})

describe('filters', () => {
  test('the predicate is all that follows the first colon outside of quotes', () => {
    const { table, predicate } = parseTableFilter(`"a:b".t: at > '2026-01-01 10:00'::timestamptz`)
    expect([table.text, predicate]).toEqual(['"a:b".t', "at > '2026-01-01 10:00'::timestamptz"])
  })
  test('time filters', () => {
    expect(parseTimeFilter('db.s.t:"At":6 months')).toMatchObject({ column: 'At', window: { count: 6, unit: 'month' } })
  })
  test.each(['t', 't:', ':x', 't: '])('refuses the filter %j', (text) => expect(() => parseTableFilter(text)).toThrow())
  test.each(['t:c', 't::1 day', 't:c:1 day:x', 't:c:soon', ':c:1 day'])('refuses the time filter %j', (text) =>
    expect(() => parseTimeFilter(text)).toThrow(),
  )
})

test('the nearest name', () => {
  const names = ['include-tables', 'exclude-tables', 'jobs', 'drop-existing']
  expect(nearest('inculde-tables', names)).toBe('include-tables')
  expect(nearest('include_table', names)).toBe('include-tables')
  expect(nearest('job', names)).toBe('jobs')
  expect(nearest('banana', names)).toBeUndefined()
})
