import { describe, expect, it } from 'vitest'
import { isReservedRole, settableAttributes } from '../../../src/plan/role-rules.ts'
import { missingRoles } from '../../../src/plan/rules/missing-roles.ts'
import { reservedRoles } from '../../../src/plan/rules/reserved-roles.ts'
import { roleAttributes } from '../../../src/plan/rules/role-attributes.ts'
import { rolePasswords } from '../../../src/plan/rules/role-passwords.ts'
import { role, server } from '../support/observed.ts'
import { brief, having, ruleInput } from '../support/rule-input.ts'

const everything = { superuser: true, createDatabase: true, createRole: true, replication: true, bypassRls: true }
const member = (...roles: string[]) => roles.map((name) => ({ role: name, grantor: 'app', admin: false, inherit: true, set: true }))

describe('reserved roles', () => {
  it.each([
    ['pg_monitor', true],
    ['rdsadmin', true],
    ['rds_superuser', true],
    ['cloudsqlsuperuser', true],
    ['azure_pg_admin', true],
    ['neon_superuser', true],
    ['supabase_admin', true],
    ['postgres', false],
    ['app', false],
    ['my_pg_role', false],
    ['pgbouncer', false],
  ])('%s: %s', (name, expected) => {
    expect(isReservedRole(name)).toBe(expected)
  })

  const referring = role({ name: 'dev', memberOf: member('pg_maintain', 'pg_monitor') })
  it('are said to be skipped if something refers to them and the target lacks them', () => {
    const source = { roles: [role(), referring, role({ name: 'pg_maintain' }), role({ name: 'rdsadmin' })] }
    const target = { roles: [role(), role({ name: 'pg_monitor' })] }
    const found = reservedRoles(ruleInput({ source, target, databases: [having({ roles: ['app', 'rds_superuser'] })] }))
    expect(brief(found)).toEqual(['warning role-skipped'])
    expect(found[0]?.message).toContain('2 roles')
    expect(found[0]?.message).toContain('pg_maintain, rds_superuser.')
  })

  it('are passed over where nothing refers to them', () => {
    expect(reservedRoles(ruleInput({ source: { roles: [role(), role({ name: 'rdsadmin', memberOf: member('rds_password') })] } }))).toEqual(
      [],
    )
  })
})

describe('settable attributes', () => {
  const withoutSuperuser = { superuser: false, createRole: true }
  it.each<[string, Parameters<typeof server>[0], string[]]>([
    ['a superuser', { superuser: true, versionNumber: 150_000 }, ['SUPERUSER', 'CREATEDB', 'CREATEROLE', 'REPLICATION', 'BYPASSRLS']],
    ['CREATEROLE before 16', { ...withoutSuperuser, versionNumber: 150_000, createDatabase: false }, ['CREATEDB', 'CREATEROLE']],
    [
      'CREATEROLE from 16 on gives what it has',
      { ...withoutSuperuser, versionNumber: 160_000, createDatabase: true, replication: false },
      ['CREATEDB', 'CREATEROLE'],
    ],
    [
      'and not what it lacks',
      { ...withoutSuperuser, versionNumber: 160_000, createDatabase: false, replication: true },
      ['CREATEROLE', 'REPLICATION'],
    ],
    [
      'BYPASSRLS stands in the list of roles',
      { ...withoutSuperuser, createDatabase: false, replication: false, roles: [role({ bypassRls: true })] },
      ['CREATEROLE', 'BYPASSRLS'],
    ],
    ['without CREATEROLE nothing', { superuser: false, createRole: false, createDatabase: true }, []],
  ])('%s', (_, target, expected) => {
    const { settable, skipped } = settableAttributes(role({ name: 'boss', ...everything }), server(target))
    expect(settable).toEqual(expected)
    expect([...settable, ...skipped].sort()).toEqual(['BYPASSRLS', 'CREATEDB', 'CREATEROLE', 'REPLICATION', 'SUPERUSER'])
  })

  it('asks nothing for a plain role', () => {
    expect(settableAttributes(role(), server({ createRole: false }))).toEqual({ settable: [], skipped: [] })
  })
})

describe('role attributes', () => {
  const roles = [role(), role({ name: 'boss', ...everything }), role({ name: 'Copier', replication: true })]
  it('lists who loses what in one finding', () => {
    const found = roleAttributes(ruleInput({ source: { roles }, target: { replication: false } }))
    expect(brief(found)).toEqual(['warning role-attribute-skipped'])
    expect(found[0]?.message).toContain('SUPERUSER (boss); REPLICATION (boss, "Copier"); BYPASSRLS (boss).')
  })

  it.each<[string, Parameters<typeof ruleInput>[0]]>([
    ['the target role is a superuser', { source: { roles }, target: { superuser: true } }],
    ['they have them already', { source: { roles }, target: { roles, replication: true } }],
    ['no role is created at all', { source: { roles }, target: { createRole: false } }],
    ['only reserved ones have them', { source: { roles: [role({ name: 'rdsadmin', ...everything })] } }],
  ])('says nothing if %s', (_, given) => {
    expect(roleAttributes(ruleInput(given))).toEqual([])
  })
})

describe('role passwords', () => {
  const hidden = { login: true, passwordReadable: false }
  it('lists roles that will have none', () => {
    const roles = [
      role(),
      role({ name: 'anna', ...hidden }),
      role({ name: 'bert', ...hidden }),
      role({ name: 'team', ...hidden, login: false }),
    ]
    const found = rolePasswords(ruleInput({ source: { roles } }))
    expect(brief(found)).toEqual(['warning role-password-unreadable'])
    expect(found[0]?.message).toContain('2 roles will have none on the target: anna, bert.')
  })

  it.each<[string, Parameters<typeof ruleInput>[0]]>([
    ['they can be read', { source: { roles: [role({ name: 'anna' })] } }],
    ['the role is there already', { source: { roles: [role({ name: 'anna', ...hidden })] }, target: { roles: [role({ name: 'anna' })] } }],
    ['the role is reserved', { source: { roles: [role({ name: 'rdsadmin', ...hidden })] } }],
  ])('says nothing if %s', (_, given) => {
    expect(rolePasswords(ruleInput(given))).toEqual([])
  })
})

describe('missing roles', () => {
  const source = { roles: [role(), role({ name: 'anna' }), role({ name: 'pg_monitor' })] }
  it.each([
    ['may create roles', { createRole: true }, []],
    ['is a superuser', { createRole: false, superuser: true }, []],
    ['may not create roles', { createRole: false }, ['warning role-skipped']],
    ['needs not', { createRole: false, roles: [role(), role({ name: 'anna' })] }, []],
  ])('%s', (_, target, expected) => {
    const found = missingRoles(ruleInput({ source, target }))
    expect(brief(found)).toEqual(expected)
    for (const { message } of found) expect(message).toBe("1 role can't be created on the target: anna.")
  })
})
