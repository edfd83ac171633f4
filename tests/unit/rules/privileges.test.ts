import { describe, expect, it } from 'vitest'
import type { ObservedDatabase, ObservedServer } from '../../../src/plan/observed.ts'
import { largeObjectPrivileges } from '../../../src/plan/rules/large-object-privileges.ts'
import { ownership } from '../../../src/plan/rules/ownership.ts'
import { rowSecurity } from '../../../src/plan/rules/row-security.ts'
import type { ScopedDatabase } from '../../../src/plan/rules/rule.ts'
import { sourcePrivileges } from '../../../src/plan/rules/source-privileges.ts'
import { targetPrivileges } from '../../../src/plan/rules/target-privileges.ts'
import { database, pair, relation, role, target } from '../support/observed.ts'
import { brief, having, holding, named, ruleInput, scoped, scopedTable } from '../support/rule-input.ts'

const source = { user: 'read"er' }

describe('connecting to the source', () => {
  const shut = (overrides: Partial<ObservedDatabase>) => scoped({ pair: pair({ source: database(overrides), catalog: null }) })
  it.each<[string, ScopedDatabase, (string | undefined)[]]>([
    ['allowed', scoped(), []],
    ['without CONNECT', shut({ canConnect: false }), ['GRANT CONNECT ON DATABASE "shop" TO "read""er";']],
    ['to nobody', shut({ allowConnections: false, canConnect: false }), ['ALTER DATABASE "shop" ALLOW_CONNECTIONS true;']],
  ])('%s', (_, scope, expected) => {
    expect(sourcePrivileges(ruleInput({ source, databases: [scope] })).map(({ sql }) => sql)).toEqual(expected)
  })
})

describe('reading the source', () => {
  it('grants SELECT on the tables that lack it', () => {
    const [found, ...others] = sourcePrivileges(ruleInput({ source, databases: [holding([{ canSelect: false, name: 'My "t"' }, {}])] }))
    expect(others).toEqual([])
    expect(found).toMatchObject({
      severity: 'problem',
      code: 'privilege-missing',
      message: 'Role "read""er" may not read 1 table of the source: public."My ""t""".',
      sql: 'GRANT SELECT ON TABLE "public"."My ""t""" TO "read""er";',
      database: 'shop',
      relation: '"public"."My ""t"""',
    })
  })

  it('makes one finding of thousands, granted by schema', () => {
    const tables = Array.from({ length: 5000 }, (_, index) => ({ canSelect: false, name: `t${index}`, schema: index % 2 ? 'a' : 'b' }))
    const [found, ...others] = sourcePrivileges(ruleInput({ source, databases: [holding(tables)] }))
    expect(others).toEqual([])
    expect(found?.message).toContain('b.t0, a.t1, b.t2, a.t3, b.t4, a.t5, b.t6, a.t7, b.t8, a.t9 and 4,990 more')
    expect(found?.sql).toBe('GRANT SELECT ON ALL TABLES IN SCHEMA "b", "a" TO "read""er";')
  })

  it.each<[string, ScopedDatabase, number]>([
    ['structure needs a lock, so SELECT too', holding([{ canSelect: false }], 'schema-only'), 1],
    ['what is excluded needs nothing', holding([{ canSelect: false }], 'excluded'), 0],
    ['views are never read', holding([{ canSelect: false, kind: 'view' }]), 0],
    ['a closed schema', having({ closedSchemas: ['hidden'] }), 1],
    ['a closed schema, all of it excluded', closed('excluded'), 0],
    ['a closed schema with a table in scope', closed('copy'), 1],
  ])('%s', (_, scope, expected) => {
    expect(sourcePrivileges(ruleInput({ databases: [scope] }))).toHaveLength(expected)
  })

  function closed(rule: 'excluded' | 'copy'): ScopedDatabase {
    const scope = holding([{ schema: 'hidden' }], rule)
    return { ...scope, pair: { ...scope.pair, catalog: scope.pair.catalog && { ...scope.pair.catalog, closedSchemas: ['hidden'] } } }
  }

  it('grants sequences and schemas', () => {
    const scope = having({ unreadableSequences: [{ schema: 'public', name: 'item_id_seq' }], closedSchemas: ['a', 'B'] })
    expect(sourcePrivileges(ruleInput({ source, databases: [scope] })).map(({ sql }) => sql)).toEqual([
      'GRANT USAGE ON SCHEMA "a", "B" TO "read""er";',
      'GRANT SELECT ON SEQUENCE "public"."item_id_seq" TO "read""er";',
    ])
  })

  it('needs nothing of a sequence that is left out with its table', () => {
    const tables = [scopedTable(relation({ kind: 'sequence', name: 'gone_id_seq' }), 'excluded')]
    const unreadableSequences = ['gone_id_seq', 'kept_id_seq'].map((name) => ({ schema: 'public', name }))
    const found = sourcePrivileges(ruleInput({ source, databases: [{ ...having({ unreadableSequences }), tables }] }))
    expect(found.map(({ sql }) => sql)).toEqual(['GRANT SELECT ON SEQUENCE "public"."kept_id_seq" TO "read""er";'])
  })

  it('speaks of each database by itself, as each needs its own GRANT', () => {
    const databases = named('a', 'b').map((each) => ({
      ...holding([{ canSelect: false }]),
      pair: { ...holding([{ canSelect: false }]).pair, source: each.pair.source },
    }))
    const found = sourcePrivileges(ruleInput({ databases }))
    expect(found.map((one) => one.database)).toEqual(['a', 'b'])
    expect(found[1]?.message).toContain('b.public.t0')
  })
})

describe('row security', () => {
  it.each<[string, ScopedDatabase, string[]]>([
    ['does not apply', holding([{ rowSecurity: 'on' }]), []],
    ['applies', holding([{ rowSecurity: 'on', rowSecurityActive: true }]), ['problem privilege-missing']],
    [
      'applies to a filtered table',
      holding([{ rowSecurity: 'forced', rowSecurityActive: true }], 'filtered'),
      ['problem privilege-missing'],
    ],
    ['of no rows', holding([{ rowSecurity: 'on', rowSecurityActive: true }], 'schema-only'), []],
  ])('%s', (_, scope, expected) => {
    expect(brief(rowSecurity(ruleInput({ databases: [scope] })))).toEqual(expected)
  })
})

describe('large objects', () => {
  it.each([
    [0n, []],
    [7n, ['problem privilege-missing']],
  ])('%s unreadable', (unreadable, expected) => {
    const found = largeObjectPrivileges(
      ruleInput({ source: { user: "o'neil" }, databases: [having({ largeObjects: { count: 9n, unreadable, bytes: 0n } })] }),
    )
    expect(brief(found)).toEqual(expected)
    for (const { sql } of found) expect(sql).toContain("oid, 'o''neil')")
  })
})

describe('target privileges', () => {
  const closedSchema = target({ canCreateInPublic: false })
  it.each<[string, ScopedDatabase, Partial<ObservedServer>, (string | undefined)[]]>([
    ['may create databases', scoped(), {}, []],
    ['may not', scoped(), { createDatabase: false }, ['ALTER ROLE "app" CREATEDB;']],
    ['needs not', scoped({ in: { target: target() } }), { createDatabase: false }, []],
    ['a superuser', scoped(), { createDatabase: false, superuser: true }, []],
    ['to recreate', scoped({ in: { target: target() }, action: 'recreate' }), { createDatabase: false }, ['ALTER ROLE "app" CREATEDB;']],
    ["can't connect", scoped({ in: { target: target(null) } }), {}, ['GRANT CONNECT, CREATE ON DATABASE "shop" TO "app";']],
    [
      'nobody can connect',
      scoped({ in: { target: target(null, { allowConnections: false }) } }),
      {},
      ['ALTER DATABASE "shop" ALLOW_CONNECTIONS true;'],
    ],
    ["can't connect, to be dropped", scoped({ in: { target: target(null) }, action: 'recreate' }), {}, []],
    ['no CREATE', scoped({ in: { target: target({ canCreateSchemas: false }) } }), {}, ['GRANT CREATE ON DATABASE "shop" TO "app";']],
    ['no CREATE in public', scoped({ in: { target: closedSchema } }), {}, ['GRANT USAGE, CREATE ON SCHEMA public TO "app";']],
    ['no CREATE in public, where nothing is', { ...having({ relations: [] }, { target: closedSchema }) }, {}, []],
    ['complete', scoped({ in: { target: target({ canCreateSchemas: false }) }, action: 'complete' }), {}, []],
  ])('%s', (_, scope, to, expected) => {
    const found = targetPrivileges(ruleInput({ target: to, databases: [scope] }))
    expect(found.map(({ sql }) => sql)).toEqual(expected)
    expect(found.every(({ severity, code }) => severity === 'problem' && code === 'privilege-missing')).toBe(true)
  })

  it('lists the databases that would be created', () => {
    const [found, ...others] = targetPrivileges(ruleInput({ target: { createDatabase: false }, databases: named('a', 'my-db') }))
    expect(others).toEqual([])
    expect(found?.message).toContain('a, "my-db"')
  })
})

describe('ownership', () => {
  const databases = [holding([{ owner: 'team' }, { owner: 'app' }])]
  it.each<[string, Partial<ObservedServer>, string[]]>([
    ["the owner isn't there: we create it", {}, []],
    ["we're a member", { roles: [role({ name: 'team' })] }, []],
    ["we're not", { roles: [role({ name: 'team', usable: false })] }, ['warning privilege-missing']],
    ["we're not, but a superuser", { roles: [role({ name: 'team', usable: false })], superuser: true }, []],
    ['before 16 CREATEROLE suffices', { roles: [role({ name: 'team', usable: false })], versionNumber: 150_010 }, []],
    [
      'before 16, for a superuser',
      { roles: [role({ name: 'team', usable: false, superuser: true })], versionNumber: 150_010 },
      ['warning privilege-missing'],
    ],
  ])('%s', (_, to, expected) => {
    const found = ownership(ruleInput({ target: to, databases }))
    expect(brief(found)).toEqual(expected)
    for (const { sql } of found) expect(sql).toBe('GRANT "team" TO "app";')
  })

  it("counts the database's owner too", () => {
    const scope = scoped({ in: { source: database({ owner: 'boss' }) } })
    expect(brief(ownership(ruleInput({ target: { roles: [role({ name: 'boss', usable: false })] }, databases: [scope] })))).toHaveLength(1)
  })
})
