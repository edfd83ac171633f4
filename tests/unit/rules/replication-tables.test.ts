import { describe, expect, it } from 'vitest'
import type { ObservedForeignKey, ObservedRelation } from '../../../src/plan/observed.ts'
import type { ObservedRowFilter } from '../../../src/plan/observed-replication.ts'
import { forcedRowSecurity } from '../../../src/plan/rules/forced-row-security.ts'
import { publicationPrivileges } from '../../../src/plan/rules/publication-privileges.ts'
import { replicaIdentity } from '../../../src/plan/rules/replica-identity.ts'
import { routedReplication } from '../../../src/plan/rules/routed-replication.ts'
import { rowFilters } from '../../../src/plan/rules/row-filters.ts'
import type { ScopedTable } from '../../../src/plan/rules/rule.ts'
import { truncateSets } from '../../../src/plan/rules/truncate-sets.ts'
import { catalog, column, relation, role } from '../support/observed.ts'
import { brief, holding, ruleInput, scoped, scopedTable } from '../support/rule-input.ts'

const keyless = { primaryKey: 'none', identityColumns: null } as const
const json = column({ name: 'doc', type: 'json' })

describe('who may publish', () => {
  it('takes CREATE on the database', () => {
    const input = ruleInput({ replication: { database: { canCreate: false } } })
    expect(publicationPrivileges(input)).toMatchObject([{ code: 'privilege-missing', sql: 'GRANT CREATE ON DATABASE "shop" TO "app";' }])
  })

  it('is who owns the tables', () => {
    const databases = [holding([{ canPublish: false, owner: 'Boss' }, { canPublish: false, owner: 'a' }, {}])]
    expect(publicationPrivileges(ruleInput({ databases }))).toMatchObject([
      { message: 'Role app may not publish 2 tables that others own: public.t0, public.t1.', sql: 'GRANT "Boss", "a" TO "app";' },
    ])
  })

  it.each([
    ['unlogged', { unlogged: true }, 'copy'],
    ['of an extension', { extensionData: { extension: 'cron', condition: '' } }, 'copy'],
    ['schema-only', {}, 'schema-only'],
  ] as const)('matters not for a table that is not followed: %s', (_, more, rule) => {
    expect(publicationPrivileges(ruleInput({ databases: [holding([{ canPublish: false, ...more }], rule)] }))).toEqual([])
  })

  it('matters to sync for new tables alone', () => {
    const databases = [holding([{ canPublish: false }])]
    const there = [{ oid: 20_000, schema: 'public', name: 't0' }]
    const mark = { lane: 1, slot: 's', peer: '7', database: 'shop' }
    const publications = [{ name: 'p', mark, inserts: true, updates: true, deletes: true, truncates: true, tables: there }]
    const config = { command: 'sync', addTables: true } as const
    expect(brief(publicationPrivileges(ruleInput({ databases, config })))).toEqual(['problem privilege-missing'])
    expect(publicationPrivileges(ruleInput({ databases, config, replication: { database: { publications } } }))).toEqual([])
    expect(publicationPrivileges(ruleInput({ databases, config: { command: 'sync' } }))).toEqual([])
  })
})

describe('replica identity', () => {
  it.each<[string, Partial<ObservedRelation>, string | undefined]>([
    ['no primary key', keyless, 'FULL;'],
    ['a deferrable primary key', { primaryKey: 'deferrable', identityColumns: null }, 'FULL;'],
    ['REPLICA IDENTITY NOTHING', { replicaIdentity: 'n', identityColumns: null }, 'DEFAULT;'],
    ['a replica identity whose index is gone', { ...keyless, replicaIdentity: 'i' }, 'FULL;'],
    ['no primary key', { ...keyless, columns: [json], incomparableColumns: ['doc'] }, undefined],
    [
      'REPLICA IDENTITY FULL with columns that have no equality',
      { ...keyless, replicaIdentity: 'f', identityColumns: ['doc'], columns: [json], incomparableColumns: ['doc'] },
      undefined,
    ],
    ['a generated column in its replica identity', { columns: [column({ generated: 's' })] }, undefined],
  ])('refuses %s', (reason, more, sql) => {
    const [found, ...others] = replicaIdentity(ruleInput({ databases: [holding([more])] }))
    expect(found).toMatchObject({
      severity: 'problem',
      code: 'replica-identity',
      message: `Updates and deletes of 1 table would fail once published: public.t0 (${reason}).`,
      relation: '"public"."t0"',
    })
    expect(found?.sql).toBe(sql === undefined ? undefined : `ALTER TABLE "public"."t0" REPLICA IDENTITY ${sql}`)
    expect(others).toEqual([])
  })

  it.each<[string, Partial<ObservedRelation>]>([
    ['a primary key', {}],
    ['an index', { ...keyless, replicaIdentity: 'i', identityColumns: ['title'] }],
    ['whole rows', { ...keyless, replicaIdentity: 'f', identityColumns: ['id', 'title'] }],
    [
      'whole rows that can not be compared, and a primary key',
      { replicaIdentity: 'f', identityColumns: ['id', 'doc'], incomparableColumns: ['doc'] },
    ],
  ])('takes %s', (_, more) => {
    expect(replicaIdentity(ruleInput({ databases: [holding([more])] }))).toEqual([])
  })

  it('takes no offence at what is not followed', () => {
    expect(replicaIdentity(ruleInput({ databases: [holding([keyless], 'schema-only')] }))).toEqual([])
    expect(replicaIdentity(ruleInput({ databases: [holding([{ ...keyless, unlogged: true }])] }))).toEqual([])
  })

  it('groups by reason', () => {
    const databases = [holding([keyless, keyless, { primaryKey: 'deferrable', identityColumns: null }])]
    const [found] = replicaIdentity(ruleInput({ databases }))
    expect(found?.message).toContain('public.t0, public.t1 (no primary key); public.t2 (a deferrable primary key).')
  })

  it.each([
    ['full', { setIdentityFull: true }, ['warning replica-identity']],
    ['full', { setIdentityFull: false, publish: null }, ['problem replica-identity']],
    ['insert-only', { publish: 'inserts' }, ['warning insert-only']],
    ['skip', { publish: null }, ['warning table-not-replicated']],
  ] as const)('as %s %j: %j', (choice, more, expected) => {
    const found = replicaIdentity(ruleInput({ databases: [holding([keyless], 'copy', more)], config: { replicaIdentity: choice } }))
    expect(brief(found)).toEqual(expected)
    expect(found[0]?.message).toContain('public.t0 (no primary key)')
  })

  it('counts what a filter reads', () => {
    const filters = new Map<number, ObservedRowFilter>([[20_000, { error: null, columns: ['title'] }]])
    const input = ruleInput({ databases: [holding([{}], 'filtered')], replication: { database: { rowFilters: filters } } })
    expect(replicaIdentity(input)[0]?.message).toContain('a filter on columns outside of its replica identity')
  })

  it('18 refuses generated columns in whole rows', () => {
    const databases = [
      holding([{ replicaIdentity: 'f', identityColumns: ['id', 'g'], columns: [column(), column({ name: 'g', generated: 's' })] }]),
    ]
    expect(replicaIdentity(ruleInput({ databases, source: { versionNumber: 170_000 } }))).toEqual([])
    expect(brief(replicaIdentity(ruleInput({ databases, source: { versionNumber: 180_000 } })))).toEqual(['problem replica-identity'])
  })
})

describe('row filters', () => {
  const judged = (error: string | null) => new Map<number, ObservedRowFilter>([[20_000, { error, columns: [] }]])
  const extension = { extensionData: { extension: 'postgis', condition: 'WHERE mine' } }
  it.each([
    ['none', 140_000, 'copy', {}, null, []],
    ['legal', 150_000, 'filtered', {}, null, []],
    ['before 15', 140_000, 'filtered', {}, null, ['problem row-filter-refused']],
    ['illegal', 150_000, 'filtered', {}, 'invalid publication WHERE expression', ['problem row-filter-refused']],
    ['before 15, of an extension', 140_000, 'copy', extension, null, ['warning table-not-replicated']],
    ['illegal, of an extension', 150_000, 'copy', extension, 'invalid', ['warning table-not-replicated']],
  ] as const)('%s', (_, versionNumber, rule, more, error, expected) => {
    const databases = [holding([more], rule)]
    const found = rowFilters(ruleInput({ databases, source: { versionNumber }, replication: { database: { rowFilters: judged(error) } } }))
    expect(brief(found)).toEqual(expected)
    if (error !== null) expect(found[0]?.message).toContain(error)
  })
})

describe('trees whose rows are routed anew', () => {
  it.each([
    [130_000, 130_000, []],
    [120_000, 180_000, ['problem feature-unsupported']],
    [150_000, 120_000, ['problem feature-unsupported']],
  ])('%i to %i: %j', (source, target, expected) => {
    const databases = [holding([{ kind: 'partitioned', routedByOid: true }])]
    const input = ruleInput({ databases, source: { versionNumber: source }, target: { versionNumber: target } })
    expect(brief(routedReplication(input))).toEqual(expected)
  })

  it('has nothing against plain tables', () => {
    expect(routedReplication(ruleInput({ source: { versionNumber: 120_000 } }))).toEqual([])
  })
})

describe('forced row security', () => {
  const forced = [holding([{ rowSecurity: 'forced', owner: 'boss' }])]
  it.each([
    ['16', 160_000, {}, ['problem privilege-missing']],
    ['15', 150_000, {}, []],
    ['an exempt owner', 160_000, { bypassRls: true }, []],
    ['a superuser', 160_000, { superuser: true }, []],
  ])('%s', (_, versionNumber, more, expected) => {
    const input = ruleInput({ databases: forced, target: { versionNumber, roles: [role({ name: 'boss', ...more })] } })
    expect(brief(forcedRowSecurity(input))).toEqual(expected)
  })
})

describe('sets that TRUNCATE tears apart', () => {
  const key = (childOid: number, parentOid: number): ObservedForeignKey => ({
    ...{
      name: 'fk',
      childOid,
      parentOid,
      childColumns: ['id'],
      parentColumns: ['id'],
      operators: ['operator(pg_catalog.=)'],
      isKept: true,
    },
  })
  const sets = (tables: readonly ScopedTable[], foreignKeys: readonly ObservedForeignKey[]) => {
    const relations = tables.map((one) => one.relation)
    return truncateSets(ruleInput({ databases: [scoped({ in: { catalog: catalog({ relations, foreignKeys }) }, tables })] }))
  }
  const parent = scopedTable(relation({ oid: 1, name: 'parent' }))
  const child = relation({ oid: 2, name: 'child' })

  it.each<[string, ScopedTable, boolean]>([
    ['replicated', scopedTable(child), false],
    ['filtered', scopedTable(child, 'filtered'), false],
    ['excluded', scopedTable(child, 'excluded'), false],
    ['schema-only', scopedTable(child, 'schema-only'), true],
    ['insert-only', scopedTable(child, 'copy', { publish: 'inserts' }), true],
    ['skipped', scopedTable(child, 'copy', { publish: null }), true],
  ])('the referring table is %s', (_, one, expected) => {
    const found = sets([parent, one], [key(2, 1)])
    expect(brief(found)).toEqual(expected ? ['warning truncate-set'] : [])
    if (expected) expect(found[0]?.message).toMatch(/TRUNCATE of 1 table \(public.parent\).*public.child refers to it/)
  })

  it('the table itself is not replicated', () => {
    expect(sets([scopedTable(parent.relation, 'copy', { publish: 'inserts' }), scopedTable(child, 'schema-only')], [key(2, 1)])).toEqual([])
  })

  it('refers to itself', () => {
    expect(sets([parent], [key(1, 1)])).toEqual([])
  })

  it.each([
    ['all', 'changes', []],
    ['not all', null, ['warning truncate-set']],
  ] as const)('of a partitioned one, %s partitions are replicated', (_, publish, expected) => {
    const top = scopedTable(relation({ oid: 2, name: 'top', kind: 'partitioned' }), 'empty')
    const leaf = (oid: number) => relation({ oid, name: `leaf${oid}`, isPartition: true, parents: [2] })
    const tables = [parent, top, scopedTable(leaf(3)), scopedTable(leaf(4), 'copy', { publish })]
    expect(brief(sets(tables, [key(2, 1)]))).toEqual(expected)
  })

  it('of a partitioned one without partitions, nothing is lost', () => {
    expect(sets([parent, scopedTable(relation({ oid: 2, name: 'top', kind: 'partitioned' }), 'empty')], [key(2, 1)])).toEqual([])
  })
})
