import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConnectionUrl } from '../../../src/config/connection-url.ts'
import { secretForms } from '../../../src/config/secret-forms.ts'
import { redactDeep, redactor } from '../../../src/report/redact.ts'
import { literal } from '../../../src/sql/identifier.ts'

const password = `p@ss:w/o\\r'd %2A"&<+`
const url = `postgresql://app:${encodeURIComponent(password)}@db.example/shop`
const forms = secretForms(url, parseConnectionUrl(url, { user: '' }))
const redact = redactor(forms)

describe('every spelling of the password is taken out', () => {
  const conninfo = `password='${password.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  test.each([
    ['the URL', url],
    ['decoded', password],
    ['percent-encoded', encodeURIComponent(password)],
    ['.pgpass', `h:5432:d:app:${password.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}`],
    ['conninfo', conninfo],
    ['SQL', literal(password)],
    ['conninfo in SQL', `CREATE SUBSCRIPTION s CONNECTION ${literal(conninfo)}`],
    ['JSON', JSON.stringify({ password })],
  ])('%s', (_, text) => {
    const clean = redact(text)
    expect(clean).toContain('***')
    expect(clean).not.toMatch(/ss:w|w\/o|%2A/)
  })
})

test('knows the password even of a URL that is refused', () => {
  const refused = 'postgresql://app:hunter%402@h/d?nonsense=1'
  expect(secretForms(refused, undefined)).toEqual(expect.arrayContaining([refused, 'hunter%402', 'hunter@2']))
})

test('leaves alone what is no secret: a password that equals the user', () => {
  const throwaway = 'postgresql://postgres:postgres@localhost/postgres'
  expect(secretForms(throwaway, parseConnectionUrl(throwaway, { user: '' }))).toEqual([throwaway])
})

test('numbers stay numbers', () => {
  const clean = redactDeep({ rows: 1234n, count: 1234, when: new Date(0), list: ['x1234', null], text: 'y1234' }, redactor(['1234']))
  expect(clean).toEqual({ rows: 1234n, count: 1234, when: new Date(0), list: ['x***', null], text: 'y***' })
})

test('any password is taken out of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      const given = `postgresql://u:${encodeURIComponent(secret)}@h/d`
      fc.pre(!['u', 'h', 'd'].includes(secret))
      const clean = redactor(secretForms(given, parseConnectionUrl(given, { user: '' })))(`${before}${secret}${after}`)
      expect(clean.includes('***') || `${before}${after}`.includes(secret)).toBe(true)
    }),
  )
})
