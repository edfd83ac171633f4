import { describe, expect, test } from 'vitest'
import type { ReplicaIdentityChoice } from '../../../src/config/config.ts'
import type { ObservedRelation } from '../../../src/plan/observed.ts'
import type { ObservedRowFilter } from '../../../src/plan/observed-replication.ts'
import type { TableRule } from '../../../src/plan/plan.ts'
import { decidePublishing, type PublishingConditions } from '../../../src/plan/publishing.ts'
import { column, relation } from '../support/observed.ts'

const choices: readonly ReplicaIdentityChoice[] = ['refuse', 'full', 'insert-only', 'skip']
const rules: readonly TableRule[] = ['copy', 'filtered', 'schema-only', 'excluded', 'empty']

const conditions = (overrides: Partial<PublishingConditions> = {}): PublishingConditions => ({
  replicaIdentity: 'refuse',
  sourceVersion: 170_000,
  rowFilters: new Map(),
  leaves: () => [],
  ...overrides,
})

/** Every table that the following can make: of keys, identities, columns and filters. */
function* tables(): Generator<{
  readonly table: ObservedRelation
  readonly filter: ObservedRowFilter | undefined
  readonly rule: TableRule
}> {
  const filters = [undefined, { error: 'no', columns: [] }, { error: null, columns: ['id'] }, { error: null, columns: ['other'] }]
  for (const primaryKey of ['none', 'deferrable', 'immediate'] as const)
    for (const replicaIdentity of ['d', 'n', 'f', 'i'] as const)
      for (const generated of ['', 's', 'v'] as const)
        for (const incomparableColumns of [[], ['other']])
          for (const more of [{}, { unlogged: true }, { extensionData: { extension: 'e', condition: 'where x' } }])
            for (const filter of filters)
              for (const rule of rules) {
                const columns = [column({ generated }), column({ name: 'other', type: 'json' })]
                const whole = columns.map(({ name }) => name)
                const byIndex = replicaIdentity === 'i' || (replicaIdentity === 'd' && primaryKey === 'immediate') ? ['id'] : null
                const identityColumns = replicaIdentity === 'f' ? whole : byIndex
                yield {
                  table: relation({ primaryKey, replicaIdentity, columns, incomparableColumns, identityColumns, ...more }),
                  filter,
                  rule,
                }
              }
}

/** What the server and apply need, said once more and otherwise: see CheckCmdReplicaIdentity and RelationFindReplTupleSeq. */
function serves(table: ObservedRelation, filter: ObservedRowFilter | undefined, full: boolean, version: number): boolean {
  const identity = full ? table.columns.map(({ name }) => name) : table.identityColumns
  if (identity === null) return false
  if (!(filter?.columns ?? []).every((name) => identity.includes(name))) return false
  const computed = table.columns.some(({ name, generated }) => generated !== '' && identity.includes(name))
  const wholeRows = full || table.replicaIdentity === 'f'
  if (!wholeRows) return !computed
  return !(computed && version >= 180_000) && (table.primaryKey === 'immediate' || table.incomparableColumns.length === 0)
}

describe('no table is published', () => {
  test('for updates that its identity can not serve', () => {
    let published = 0
    for (const sourceVersion of [120_000, 150_000, 180_000])
      for (const replicaIdentity of choices)
        for (const { table, filter, rule } of tables()) {
          const rowFilters = new Map(filter === undefined ? [] : [[table.oid, filter]])
          const { publish, setIdentityFull } = decidePublishing(table, rule, conditions({ sourceVersion, replicaIdentity, rowFilters }))
          if (setIdentityFull) expect([publish, replicaIdentity]).toEqual(['changes', 'full'])
          if (publish === 'inserts') expect(replicaIdentity).toBe('insert-only')
          if (publish === null) continue
          published++
          expect(table.unlogged).toBe(false)
          expect(['copy', 'filtered']).toContain(rule)
          const filtered = rule === 'filtered' || table.extensionData !== null
          if (filtered) expect(filter?.error).toBeNull()
          if (publish === 'changes') expect(serves(table, filter, setIdentityFull, sourceVersion)).toBe(true)
        }
    expect(published).toBeGreaterThan(1000)
  })

  test('whose leaves can not all be updated', () => {
    const top = relation({ oid: 1, kind: 'partitioned', identityColumns: null })
    const keyless = relation({ oid: 3, primaryKey: 'none', identityColumns: null })
    const of = (leaves: readonly ObservedRelation[], replicaIdentity: ReplicaIdentityChoice = 'refuse') =>
      decidePublishing(top, 'copy', conditions({ leaves: () => leaves, replicaIdentity })).publish
    expect(of([relation({ oid: 2 })])).toBe('changes')
    expect(of([relation({ oid: 2 }), keyless])).toBeNull()
    expect(of([relation({ oid: 2 }), keyless], 'full')).toBe('changes')
    expect(of([relation({ oid: 2 }), keyless], 'insert-only')).toBe('inserts')
  })
})

test.each([
  ['refuse', null, false],
  ['skip', null, false],
  ['insert-only', 'inserts', false],
  ['full', 'changes', true],
] as const)('a table without a key, as %s: %j', (replicaIdentity, publish, setIdentityFull) => {
  const table = relation({ primaryKey: 'none', identityColumns: null })
  expect(decidePublishing(table, 'copy', conditions({ replicaIdentity }))).toEqual({ publish, setIdentityFull })
})
