import { describe, expect, it } from 'vitest'
import { lostSlots } from '../../../src/plan/rules/lost-slots.ts'
import { replicationConflicts } from '../../../src/plan/rules/replication-conflicts.ts'
import type { LaneMark } from '../../../src/sql/replication-mark.ts'
import { ledger, target } from '../support/observed.ts'
import { slot, subscription } from '../support/replication.ts'
import { brief, ruleInput, scoped } from '../support/rule-input.ts'

const own = 'seren_replication_sub_shop'

describe('names that are taken', () => {
  const ours: LaneMark = { lane: 1, slot: own, peer: '7000000000000000002', database: 'shop' }
  const publication = (name: string, mark: LaneMark | null) => ({
    ...{ name, mark, inserts: true, updates: true, deletes: true, truncates: true, tables: [] },
  })
  const conflicts = (replication: NonNullable<Parameters<typeof ruleInput>[0]>['replication'], databases = [scoped()]) =>
    replicationConflicts(ruleInput({ databases, ...(replication === undefined ? {} : { replication }) })).map(({ message }) => message)

  it.each([
    ['ours', publication('seren_replication_pub', ours), 0],
    ['ours, of a later lane', publication('seren_replication_pub_insert_3', { ...ours, lane: 3 }), 0],
    ['without mark', publication('seren_replication_pub', null), 1],
    ['to another target', publication('seren_replication_pub_2', { ...ours, peer: '9' }), 1],
    ['to a target nobody could identify', publication('seren_replication_pub_2', { ...ours, peer: '' }), 0],
    ['of another name', publication('seren_replication_publication', null), 0],
  ])('publication %s', (_, one, count) => {
    expect(conflicts({ database: { publications: [one] } })).toHaveLength(count)
  })

  it.each([
    ['of a publication of ours', slot(own), [publication('seren_replication_pub', ours)], 0],
    ['of nobody', slot(own), [], 1],
    ['of a later lane of nobody', slot(`${own}_12`), [], 1],
    ['with another plugin', slot(own, { plugin: 'test_decoding' }), [publication('seren_replication_pub', ours)], 1],
    ['physical', slot(own, { database: null, plugin: null }), [publication('seren_replication_pub', ours)], 1],
    ['of another database', slot('seren_replication_sub_shop_eu'), [], 0],
  ])('slot %s', (_, one, publications, count) => {
    expect(conflicts({ source: { slots: [one] }, database: { publications } })).toHaveLength(count)
  })

  it('slot that the ledger names', () => {
    const known = scoped({ in: { target: target({ ledger: ledger({ lanes: [{ lane: 1, slot: own }] }) }) } })
    expect(conflicts({ source: { slots: [slot(own)] } }, [known])).toEqual([])
  })

  const fromSource = { ...ours, peer: '7000000000000000001' }
  it.each([
    ['ours', subscription('seren_replication_sub', { mark: fromSource }), 0],
    ['without mark', subscription('seren_replication_sub'), 1],
    ['from another source', subscription('seren_replication_sub_2', { mark: { ...ours, peer: '9' } }), 1],
    ['of another database', subscription('seren_replication_sub', { database: 'other' }), 0],
    ['of another name', subscription('mine'), 0],
  ])('subscription %s', (_, one, count) => {
    expect(conflicts({ target: { subscriptions: [one] } })).toHaveLength(count)
  })
})

describe('lost slots', () => {
  const lost = { source: { slots: [slot(own, { walStatus: 'lost' })] } }
  it.each([
    ['resume', 'init', ['warning slot-lost']],
    ['resume', 'sync', ['problem slot-lost']],
    ['complete', 'init', ['problem slot-lost']],
    ['fill', 'sync', ['problem slot-lost']],
    ['recreate', 'init', []],
    ['fill', 'init', []],
  ] as const)('%s by %s: %j', (action, command, expected) => {
    expect(brief(lostSlots(ruleInput({ databases: [scoped({ action })], config: { command }, replication: lost })))).toEqual(expected)
  })

  it('are ours, and lost', () => {
    const slotsThere = [slot('other', { walStatus: 'lost' }), slot(own, { walStatus: 'unreserved' })]
    expect(lostSlots(ruleInput({ databases: [scoped({ action: 'resume' })], replication: { source: { slots: slotsThere } } }))).toEqual([])
  })
})
