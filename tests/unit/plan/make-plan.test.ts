import { describe, expect, test } from 'vitest'
import { parseTableReference } from '../../../src/config/table-reference.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import type { Observed, ObservedCatalog, ObservedProbe } from '../../../src/plan/observed.ts'
import { config } from '../support/config.ts'
import { catalog, column, database, ledger, observed, pair, relation, target } from '../support/observed.ts'

const only = (overrides: Partial<ObservedCatalog>, there = pair().target): Observed => ({
  ...observed(),
  databases: [pair({ catalog: catalog(overrides), target: there })],
})
const snapshot = config({ snapshotOnly: true })

test('the same observation makes the same plan', () => {
  expect(makePlan(snapshot, observed())).toEqual(makePlan(snapshot, structuredClone(observed())))
})

describe('the digest', () => {
  const digest = (one: Observed, options = snapshot) => makePlan(options, one).digest
  const base = digest(only({}))

  test('is blind to sizes, progress, jobs and the probe', () => {
    const grown = only({ relations: [relation({ heapBytes: 999n, estimatedRows: 7n, blocks: 4 })] }, target({ ledger: ledger() }))
    expect(digest({ ...grown, probe: probed(), processors: 64 })).toBe(base)
    expect(digest(only({ asOf: '2030-01-01 00:00:00+00' }))).toBe(base)
  })

  test.each([
    ['a table more', only({ relations: [relation(), relation({ oid: 2, name: 'more' })] }), snapshot],
    ['another source', { ...only({}), source: { ...observed().source, systemIdentifier: '1' } }, snapshot],
    ['another target', { ...only({}), target: { ...observed().target, systemIdentifier: '1' } }, snapshot],
    ['another database', { ...only({}), databases: [pair({ source: database({ oid: 1 }) })] }, snapshot],
    ['another rule', only({}), { ...snapshot, scope: { ...snapshot.scope, schemaOnlyTables: [parseTableReference('item')] } }],
    ['drop-existing', only({}), { ...snapshot, dropExisting: true }],
  ])('changes with %s', (_, one, options) => {
    expect(digest(one, options)).not.toBe(base)
  })
})

describe('tables', () => {
  const kinds = [
    relation({ oid: 1, name: 'plain', columns: [column(), column({ name: 'twice', generated: 's', transfer: { kind: 'text' } })] }),
    relation({ oid: 2, name: 'whole', kind: 'partitioned' }),
    relation({ oid: 3, name: 'part', parents: [2], isPartition: true }),
    relation({ oid: 4, name: 'seen', kind: 'view' }),
    relation({ oid: 5, name: 'kept', kind: 'materialized-view' }),
    relation({ oid: 6, name: 'far', kind: 'foreign-table' }),
    relation({ oid: 7, name: 'next', kind: 'sequence' }),
    relation({ oid: 8, name: 'settings', extensionData: { extension: 'cron', condition: 'WHERE mine' } }),
  ]
  const plan = (scope: Partial<(typeof snapshot)['scope']> = {}) => {
    const made = makePlan({ ...snapshot, scope: { ...snapshot.scope, ...scope } }, only({ relations: kinds }))
    return new Map(made.databases[0]?.tables.map((table) => [table.name, table]))
  }

  test('get a rule by their kind', () => {
    const rules = [...plan()].map(([name, { rule, parts }]) => [name, rule, parts.length])
    expect(rules).toEqual([
      ['plain', 'copy', 1],
      ['whole', 'empty', 0],
      ['part', 'copy', 1],
      ['kept', 'empty', 0],
      ['far', 'schema-only', 0],
      ['settings', 'copy', 1],
    ])
  })

  test('that are left out are in the plan, views and sequences too', () => {
    const excluded = plan({ excludeTables: [parseTableReference('*')] })
    expect([...excluded.values()].map(({ rule }) => rule)).toEqual(kinds.map(() => 'excluded'))
    expect(excluded.get('plain')).toMatchObject({ estimatedRows: 0n, heapBytes: 0n, indexBytes: 0n, parts: [] })
  })

  test('are copied without generated columns, which don’t decide the format', () => {
    expect(plan().get('plain')).toMatchObject({ columns: ['id'], format: 'binary' })
  })

  test('of extensions keep what the extension puts into them', () => {
    expect(plan().get('settings')).toMatchObject({ extension: 'cron', predicate: 'mine' })
  })
})

describe('a copy that goes on', () => {
  test('knows what is there', () => {
    const relations = ['a', 'b', 'c'].map((name, index) => relation({ oid: index + 1, name }))
    const fresh = only({ relations })
    const { fingerprint } = makePlan(snapshot, fresh).databases[0] ?? { fingerprint: '' }
    const part = (name: string, number: number, parts: number) => ({
      schema: 'public',
      name,
      part: number,
      parts,
      lane: 1,
      rows: 1n,
      bytes: 1n,
    })
    const copied = [part('a', 0, 1), part('b', 0, 2), part('b', 1, 2), part('c', 1, 3)]
    const { source } = observed()
    const there = target({
      foreignObjectCount: 3,
      ledger: ledger({ sourceSystemIdentifier: source.systemIdentifier, fingerprint, copied }),
    })
    const [resumed] = makePlan(snapshot, only({ relations }, there)).databases
    expect(resumed).toMatchObject({ action: 'resume', fingerprint })
    expect(resumed?.tables.map((table) => table.copied)).toEqual([true, true, false])
  })
})

describe('the database postgres', () => {
  const postgres = (hasUserObjects: boolean) => ({
    ...observed(),
    databases: [pair({ source: database({ name: 'postgres' }), catalog: catalog({ hasUserObjects }) })],
  })
  const names = (one: Observed, scope = snapshot.scope) => makePlan({ ...snapshot, scope }, one).databases.map(({ name }) => name)

  test('is left out unless it holds something or is named', () => {
    expect(names(postgres(false))).toEqual([])
    expect(names(postgres(true))).toEqual(['postgres'])
    expect(names(postgres(false), { ...snapshot.scope, includeDatabases: [{ text: 'postgres', quoted: false }] })).toEqual(['postgres'])
  })
})

describe('the estimate', () => {
  const seconds = (overrides: Partial<ObservedCatalog>, probe?: ObservedProbe) =>
    makePlan({ ...snapshot, jobs: 2 }, { ...only(overrides), ...(probe ? { probe } : {}) }).estimatedSeconds
  const large = relation({ heapBytes: 300_000_000n, toastBytes: 100_000_000n, indexBytes: 100_000_000n, indexes: 0 })

  test('is bytes by the measured rate', () => {
    expect(seconds({ relations: [large] })).toBeNull()
    // Two at once reached 100 MB/s; a table alone keeps one of them busy.
    expect(seconds({ relations: [large] }, probed())).toBeCloseTo(10, 0)
    expect(seconds({ relations: [large, { ...large, oid: 2, name: 'second' }] }, probed())).toBeCloseTo(10, 0)
  })

  test('counts round trips of many small tables', () => {
    const relations = Array.from({ length: 1000 }, (_, index) =>
      relation({ oid: index + 1, name: `t${index}`, heapBytes: 0n, indexBytes: 0n, indexes: 1 }),
    )
    expect(seconds({ relations }, probed({ bytes: 0n, seconds: 0, table: null }))).toBeCloseTo((1000 * 4 * 0.02) / 2, 1)
  })

  test('is unknown where nothing could be measured', () => {
    expect(seconds({ relations: [large] }, probed({ bytes: 0n, seconds: 0 }))).toBeNull()
  })
})

function probed(overrides: Partial<ObservedProbe> = {}): ObservedProbe {
  return {
    table: null,
    bytes: 100_000_000n,
    seconds: 1,
    streams: 2,
    target: true,
    sourceRoundTrip: 0.01,
    targetRoundTrip: 0.01,
    ...overrides,
  }
}
