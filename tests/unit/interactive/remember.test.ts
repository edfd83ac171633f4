import { expect, test } from 'vitest'
import { everything, tableAnswers } from '../../../src/interactive/answers.ts'
import type { Offer } from '../../../src/interactive/offer.ts'
import { remember } from '../../../src/interactive/remember.ts'
import type { ObservedLedger } from '../../../src/plan/observed.ts'
import { database, ledger, observed, pair, target } from '../support/observed.ts'

const offered = (oid: number, name: string) => ({ oid, schema: 'public', name, rows: 0n, bytes: 0n, dated: ['at'] })
const offer: Offer = {
  databases: [
    { name: 'blog', bytes: 0n, tables: [] },
    { name: 'shop', bytes: 0n, tables: ['orders', 'logs', 'items', 'users', 'fresh'].map((name, index) => offered(index + 1, name)) },
  ],
  withheld: [],
}
const scope = [
  { schema: 'public', name: 'orders', rule: 'filtered', conditions: ['["at",6,"month"]'] },
  { schema: 'public', name: 'logs', rule: 'excluded', conditions: [] },
  { schema: 'public', name: 'items', rule: 'schema-only', conditions: [] },
  { schema: 'public', name: 'users', rule: 'filtered', conditions: ['["id > 5"]'] },
  { schema: 'public', name: 'dropped', rule: 'full', conditions: [] },
]

test('a copy on the target gives the first answers', () => {
  const { answers, conditions } = remember(offer, withLedger({ scope }), 'init')
  expect([...answers.databases]).toEqual(['blog', 'shop'])
  expect(tableAnswers(answers, 'shop')).toEqual({
    excluded: new Set([2]),
    schemaOnly: new Set([3]),
    limited: new Set([1]),
    columns: new Map([[1, 'at']]),
    windows: new Map([[1, { count: 6, unit: 'month' }]]),
  })
  expect(conditions.map(([{ name }, table]) => [name, table.name])).toEqual([['shop', 'users']])
})

test('what follows copies begins with the databases that were copied', () => {
  expect([...remember(offer, withLedger({ scope }), 'sync').answers.databases]).toEqual(['shop'])
  expect([...remember(offer, withLedger({ scope: null }), 'sync').answers.databases]).toEqual(['blog', 'shop'])
})

test.each([
  ['of another source', { scope, sourceSystemIdentifier: '1' }],
  ['of another database', { scope, sourceDatabaseOid: 1 }],
  ['from before scopes were kept', { scope: null }],
])('a ledger %s means nothing', (_, more) => {
  expect(remember(offer, withLedger(more), 'init').answers).toEqual(everything(offer))
})

function withLedger(more: Partial<ObservedLedger>) {
  const shop = pair({ source: database({ name: 'shop', oid: 16_384 }), target: target({ ledger: ledger(more) }) })
  return observed({ databases: [pair({ source: database({ name: 'blog', oid: 3 }) }), shop] })
}
