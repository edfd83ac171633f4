import { describe, expect, test } from 'vitest'
import { grantStatement, missingMemberships } from '../../src/engine/roles/missing-memberships.ts'
import type { ObservedRole } from '../../src/plan/observed.ts'

type Of = ObservedRole['memberOf'][number]

const role = (name: string, memberOf: readonly Of[] = []): ObservedRole => ({
  name,
  memberOf,
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
  comment: null,
  settings: [],
  usable: false,
  passwordReadable: true,
})

const of = (group: string, more: Partial<Of> = {}): Of => ({
  role: group,
  grantor: 'postgres',
  admin: false,
  inherit: true,
  set: true,
  ...more,
})

const missing = (source: readonly ObservedRole[], target: readonly ObservedRole[], keepGrantors = true) =>
  missingMemberships(source, target, keepGrantors).map((one) => grantStatement(one, true))

describe('missing memberships', () => {
  test('are those that are not there, whatever the name of the bootstrap superuser', () => {
    const source = [role('a', [of('g')]), role('b', [of('g', { grantor: 'a' })])]
    expect(missing(source, [role('a', [of('g', { grantor: 'root' })]), role('b')])).toEqual([
      'grant "g" to "b" with admin false, inherit true, set true',
    ])
  })

  test('name the grantor that has ADMIN OPTION itself, where grantors are kept', () => {
    const source = [role('a', [of('g', { admin: true })]), role('b', [of('g', { grantor: 'a' }), of('g', { inherit: false })])]
    expect(missing(source, [])).toEqual([
      'grant "g" to "a" with admin true, inherit true, set true',
      'grant "g" to "b" with admin false, inherit true, set true granted by "a"',
      'grant "g" to "b" with admin false, inherit false, set true',
    ])
    expect(missing(source, [], false)).toEqual([
      'grant "g" to "a" with admin true, inherit true, set true',
      'grant "g" to "b" with admin false, inherit true, set true',
    ])
  })

  test('add options, and take none away', () => {
    const target = [role('a', [of('g', { admin: true, inherit: false, set: false })])]
    expect(missing([role('a', [of('g', { set: false })])], target)).toEqual(['grant "g" to "a" with admin true, inherit true, set false'])
    expect(missing([role('a', [of('g', { inherit: false, set: false })])], target)).toEqual([])
  })

  test('are spelled as before 16 where the options are unknown', () => {
    const [one] = missingMemberships([role('a', [of('g', { admin: true, inherit: null, set: null })])], [], false)
    expect(one && grantStatement(one, false)).toBe('grant "g" to "a" with admin option')
    expect(one && grantStatement(one, true)).toBe('grant "g" to "a" with admin true')
  })
})
