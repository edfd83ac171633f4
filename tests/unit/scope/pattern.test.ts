import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPattern, matches } from '../../../src/scope/pattern.ts'

const plain = (text: string) => ({ text, quoted: false })
const quoted = (text: string) => ({ text, quoted: true })

test.each([
  ['film', 'film', true],
  ['film', 'Film', false],
  ['film*', 'film', true],
  ['film*', 'film_actor', true],
  ['*_old', 'a_old', true],
  ['*_old', 'a_older', false],
  ['t?', 't1', true],
  ['t?', 't', false],
  ['t?', 't12', false],
  ['a.b', 'a.b', true],
  ['a.*', 'axb', false],
  ['a[1]$*', 'a[1]$x', true],
  ['*', 'line\nbreak', true],
  ['?', '☃', true],
  ['?', '😀', true],
])('%s as a pattern of %s: %s', (pattern, name, expected) => {
  expect(matches(plain(pattern), name)).toBe(expected)
})

test('a quoted part is literal', () => {
  expect(matches(quoted('a*'), 'a*')).toBe(true)
  expect(matches(quoted('a*'), 'ab')).toBe(false)
  expect(isPattern(quoted('a*'))).toBe(false)
})

test('every name matches itself, and any pattern made of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(), (name, a, b) => {
      const letters = [...name]
      const [from, to] = [a % (letters.length + 1), b % (letters.length + 1)].sort((x, y) => x - y) as [number, number]
      const starred = `${letters.slice(0, from).join('')}*${letters.slice(to).join('')}`
      const queried = letters.map((letter, index) => (index >= from && index < to ? '?' : letter)).join('')
      expect(matches(quoted(name), name)).toBe(true)
      expect(matches(plain(name), name)).toBe(true)
      expect(matches(plain(starred), name)).toBe(true)
      expect(matches(plain(queried), name)).toBe(true)
    }),
  )
})

test('a pattern without a wildcard matches nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      fc.pre(one !== other && !/[*?]/.test(one))
      expect(matches(plain(one), other)).toBe(false)
    }),
  )
})
