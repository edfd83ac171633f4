import { describe, expect, test } from 'vitest'
import { matching, type Press, pressed, type SearchList, visible } from '../../../src/interactive/prompts/search-list.ts'

const names = ['public.orders', 'public.order_lines', 'audit.log', '"Odd"."Log file"']

describe('search', () => {
  test.each([
    ['', [0, 1, 2, 3]],
    ['order', [0, 1]],
    ['LOG', [2, 3]],
    ['lines public', [1]],
    ['nothing', []],
    ['.*', []],
  ])('%j', (query, found) => {
    expect(matching(names, query)).toEqual(found)
  })
  test('typed and taken back, from the first of what matches', () => {
    const list = listAfter({ at: 3 }, ...typed('log'), backspace)
    expect(list).toMatchObject({ query: 'lo', at: 0 })
    expect(listAfter(list, { name: 'u', ctrl: true, typed: '' }).query).toBe('')
  })
  test('keys that type nothing change nothing', () => {
    expect(listAfter({}, { name: 'f5', ctrl: false, typed: '' }, { name: 'x', ctrl: true, typed: '' })).toEqual(empty)
    expect(listAfter({}, { name: 'paste', ctrl: false, typed: '\x1b\x07a' }).query).toBe('a')
  })
})

describe('choice', () => {
  test('of one, by its place among those that match, and back', () => {
    const list = listAfter({}, ...typed('log'), key('down'), key('space'))
    expect([...list.chosen]).toEqual([3])
    expect([...listAfter(list, key('tab')).chosen]).toEqual([])
  })
  test('of all that match, and of none of them, whatever else is chosen', () => {
    const all = listAfter({ chosen: new Set([0]) }, ...typed('log'), { name: 'a', ctrl: true, typed: '' })
    expect([...all.chosen]).toEqual([0, 2, 3])
    expect([...listAfter(all, { name: 'a', ctrl: true, typed: '' }).chosen]).toEqual([0])
  })
  test('of nothing where nothing matches', () => {
    const list = listAfter({}, ...typed('nothing'), key('space'), key('down'), key('up'), key('end'), { name: 'a', ctrl: true, typed: '' })
    expect(list).toMatchObject({ chosen: new Set(), at: 0 })
  })
})

test('moves go round at the ends, pages stop there', () => {
  expect(listAfter({}, key('up')).at).toBe(3)
  expect(listAfter({ at: 3 }, key('down')).at).toBe(0)
  expect(listAfter({ at: 1 }, key('pagedown')).at).toBe(3)
  expect(listAfter({ at: 1 }, key('pageup')).at).toBe(0)
  expect(listAfter({ at: 1 }, key('end')).at).toBe(3)
  expect(listAfter({ at: 1 }, key('home')).at).toBe(0)
})

test.each([
  [3, 0, 10, [0, 3]],
  [300, 0, 10, [0, 10]],
  [300, 150, 10, [145, 155]],
  [300, 299, 10, [290, 300]],
  [300, 299, 1, [299, 300]],
  [0, 0, 5, [0, 0]],
])('of %i, with %i active and room for %i, these are seen: %j', (count, at, room, range) => {
  expect(visible(count, at, room)).toEqual(range)
})

const empty: SearchList = { query: '', at: 0, chosen: new Set() }
const key = (name: string): Press => ({ name, ctrl: false, typed: '' })
const backspace = key('backspace')
const typed = (text: string): Press[] => [...text].map((one) => ({ name: one, ctrl: false, typed: one }))

function listAfter(before: Partial<SearchList>, ...presses: readonly Press[]): SearchList {
  return presses.reduce((list, press) => pressed(list, press, names, 2), { ...empty, ...before })
}
