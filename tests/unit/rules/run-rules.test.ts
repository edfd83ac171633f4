import { expect, it } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import { runRules } from '../../../src/plan/rules/index.ts'
import { listed, spelled } from '../../../src/plan/rules/listing.ts'
import { database, pair, target } from '../support/observed.ts'
import { brief, having, holding, ruleInput, scoped } from '../support/rule-input.ts'

it('has nothing to say of two sound servers', () => {
  expect(runRules(ruleInput())).toEqual([])
})

it('reports everything at once', () => {
  const input = ruleInput({
    source: { versionNumber: 110_000, tls: null },
    target: { inRecovery: true, createDatabase: false },
    tools: { pgDump: null, pgRestore: null, looked: [] },
    databases: [holding([{ canSelect: false }])],
  })
  expect(brief(runRules(input))).toEqual([
    'problem version-unsupported',
    'problem tools-missing',
    'problem target-read-only',
    'warning tls-missing',
    'problem privilege-missing',
    'problem privilege-missing',
  ])
})

it('leaves out what only replication after the copy minds', () => {
  const databases = [having({ largeObjects: { count: 1n, unreadable: 0n, bytes: 0n } })]
  expect(brief(runRules(ruleInput({ databases })))).toEqual(['warning not-replicated'])
  expect(runRules(ruleInput({ databases, config: { snapshotOnly: true } }))).toEqual([])
})

it('minds replication only where there is to be one', () => {
  const refusing = ruleInput({
    source: { settings: new Map([['wal_level', 'replica']]) },
    databases: [holding([{ primaryKey: 'none', identityColumns: null }])],
  })
  const codes = (config: Partial<Config>) => brief(runRules({ ...refusing, config: { ...refusing.config, ...config } }))
  const needed = ['problem wal-level', 'problem replica-identity']
  for (const command of ['validate', 'plan', 'init', 'replicate'] as const) expect(codes({ command })).toEqual(needed)
  expect(codes({ command: 'init', snapshotOnly: true })).toEqual([])
  expect(codes({ command: 'sync' })).toEqual(['problem wal-level'])
  expect(codes({ command: 'sync', addTables: true })).toEqual(needed)
  for (const command of ['verify', 'status', 'cleanup'] as const) expect(codes({ command })).toEqual([])
})

it('lets nothing stop a cleanup but the same database twice', () => {
  const broken = ruleInput({
    source: { versionNumber: 110_000, pooler: true, inRecovery: true },
    target: { inRecovery: true },
    databases: [],
    config: { command: 'cleanup' },
  })
  expect(runRules(broken)).toEqual([])
  const same = { source: database(), target: target({}, { oid: 16_384 }) }
  const twice = ruleInput({
    target: { systemIdentifier: '7000000000000000001' },
    databases: [scoped({ in: same })],
    config: { command: 'cleanup' },
  })
  expect(brief(runRules(twice))).toEqual(['problem same-database'])
})

it('bears a database that could not be read', () => {
  expect(runRules(ruleInput({ databases: [scoped({ pair: pair({ catalog: null }) })] }))).toEqual([])
})

it.each([
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b, c'],
  [['a', 'b', 'c', 'd'], 'a, b, c and 1 more'],
])('lists %j', (names, expected) => {
  expect(listed(names, 3)).toBe(expected)
})

it.each([
  [['public', 'film'], 'public.film'],
  [['My Schema', 't'], '"My Schema".t'],
  [['Größe'], '"Größe"'],
  [['a.b'], '"a.b"'],
])('spells %j', (parts, expected) => {
  expect(spelled(...parts)).toBe(expected)
})
