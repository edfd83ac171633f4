import { expect, it } from 'vitest'
import { runRules } from '../../../src/plan/rules/index.ts'
import { listed, spelled } from '../../../src/plan/rules/listing.ts'
import { pair } from '../support/observed.ts'
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
