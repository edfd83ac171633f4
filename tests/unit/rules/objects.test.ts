import { describe, expect, it } from 'vitest'
import type { ColumnTransfer, ObservedColumn, ObservedRelation } from '../../../src/plan/observed.ts'
import type { TableRule } from '../../../src/plan/plan.ts'
import { applyTriggers } from '../../../src/plan/rules/apply-triggers.ts'
import { columnTypes } from '../../../src/plan/rules/column-types.ts'
import { eventTriggers } from '../../../src/plan/rules/event-triggers.ts'
import { foreignTables } from '../../../src/plan/rules/foreign-tables.ts'
import { generatedColumns } from '../../../src/plan/rules/generated-columns.ts'
import { longTransactions } from '../../../src/plan/rules/long-transactions.ts'
import { notReplicated } from '../../../src/plan/rules/not-replicated.ts'
import { preparedTransactions } from '../../../src/plan/rules/prepared-transactions.ts'
import type { Rule } from '../../../src/plan/rules/rule.ts'
import { textTransfer } from '../../../src/plan/rules/text-transfer.ts'
import { triggers } from '../../../src/plan/rules/triggers.ts'
import { column, target } from '../support/observed.ts'
import { brief, having, holding, ruleInput, scoped } from '../support/rule-input.ts'

const columns = (overrides: Partial<ObservedColumn>) => ({ columns: [column(), column({ name: 'extra', ...overrides })] })
const travelling = (kind: 'none' | 'text' | 'binary', more: Partial<ObservedColumn> = {}) =>
  columns({ transfer: { kind } as ColumnTransfer, ...more })
const triggered = (enabled: 'O' | 'D' | 'R' | 'A') => ({
  triggers: [
    { name: 'plain', enabled: 'O' as const },
    { name: 'odd', enabled },
  ],
})

describe('tables and what is in them', () => {
  it.each<[string, Rule, Partial<ObservedRelation>, TableRule, string[]]>([
    ['a plain table, types', columnTypes, {}, 'copy', []],
    ["a type that can't be written", columnTypes, travelling('none'), 'copy', ['problem type-text-only']],
    ['the same without rows', columnTypes, travelling('none'), 'schema-only', []],
    ['the same, generated', columnTypes, travelling('none', { generated: 's' }), 'copy', []],
    ['a type that travels as text, to write back', columnTypes, travelling('text'), 'copy', []],
    ['a type that travels as text', textTransfer, travelling('text'), 'filtered', ['warning type-text-only']],
    ['the same without rows', textTransfer, travelling('text'), 'schema-only', []],
    ['the same, generated', textTransfer, travelling('text', { generated: 's' }), 'copy', []],
    ['a binary type', textTransfer, travelling('binary'), 'copy', []],
    ['a stored generated column', generatedColumns, columns({ generated: 's' }), 'copy', ['warning generated-column']],
    ['a virtual generated column', generatedColumns, columns({ generated: 'v' }), 'copy', []],
    ['a generated column without rows', generatedColumns, columns({ generated: 's' }), 'schema-only', []],
    ['a foreign table', foreignTables, { kind: 'foreign-table' }, 'schema-only', ['warning foreign-table']],
    ['a foreign table that is excluded', foreignTables, { kind: 'foreign-table' }, 'excluded', []],
    ['a table that is not foreign', foreignTables, {}, 'copy', []],
    ['a usual trigger', triggers, triggered('O'), 'copy', []],
    ['a disabled trigger', triggers, triggered('D'), 'copy', ['warning trigger']],
    ['a disabled trigger that is excluded', triggers, triggered('D'), 'excluded', []],
    ['a usual trigger, under apply', applyTriggers, triggered('O'), 'copy', []],
    ['an always trigger, under apply', applyTriggers, triggered('A'), 'copy', ['warning trigger']],
    ['a replica trigger, under apply', applyTriggers, triggered('R'), 'copy', ['warning trigger']],
    ['a logged table', notReplicated, {}, 'copy', []],
    ['an unlogged table', notReplicated, { unlogged: true }, 'copy', ['warning not-replicated']],
    ['an unlogged table that is excluded', notReplicated, { unlogged: true }, 'excluded', []],
    ['a sequence', notReplicated, { kind: 'sequence' }, 'copy', ['warning not-replicated']],
    ['a materialized view', notReplicated, { kind: 'materialized-view' }, 'schema-only', ['warning not-replicated']],
  ])('%s', (_, rule, relation, tableRule, expected) => {
    expect(brief(rule(ruleInput({ databases: [holding([relation], tableRule)] })))).toEqual(expected)
  })

  it.each<[string, Rule, Partial<ObservedRelation>]>([
    ['columnTypes', columnTypes, travelling('none')],
    ['textTransfer', textTransfer, travelling('text')],
    ['generatedColumns', generatedColumns, columns({ generated: 's' })],
    ['foreignTables', foreignTables, { kind: 'foreign-table' }],
    ['triggers', triggers, triggered('D')],
    ['applyTriggers', applyTriggers, triggered('A')],
    ['notReplicated', notReplicated, { unlogged: true }],
  ])('%s makes one line of 5,000 tables in two databases', (_, rule, relation) => {
    const many = Array.from({ length: 2500 }, () => relation)
    const databases = [holding(many), scoped({ ...holding(many) })]
    const found = rule(ruleInput({ databases }))
    expect(found).toHaveLength(1)
    expect(found[0]?.message).toMatch(/^5,000 /)
    expect(found[0]?.message).toContain('shop.public.t0')
    expect(found[0]?.message).toContain(' and 4,990 more')
  })

  it('names the columns that stand in the way', () => {
    const [found] = columnTypes(ruleInput({ databases: [holding([travelling('none', { type: 'pg_node_tree' })])] }))
    expect(found).toMatchObject({
      message: "1 column of types whose values can't be written back: public.t0.extra (pg_node_tree).",
      relation: '"public"."t0"',
    })
  })
})

describe('large objects', () => {
  it.each([
    [0n, []],
    [1n, ['warning not-replicated']],
  ])('%s of them', (count, expected) => {
    expect(brief(notReplicated(ruleInput({ databases: [having({ largeObjects: { count, unreadable: 0n, bytes: 0n } })] })))).toEqual(
      expected,
    )
  })
})

describe('event triggers', () => {
  const toFill = scoped({ in: { target: target({ eventTriggers: ['Guard', 'audit'] }) } })
  it.each([
    ['none', scoped(), {}, []],
    ['of the source', having({ eventTriggers: ['audit'] }), {}, ['warning event-trigger']],
    ['of the source, as a superuser of the target', having({ eventTriggers: ['audit'] }), { superuser: true }, []],
    ['of the target', toFill, { superuser: true }, ['warning event-trigger']],
    ['of the target, to be dropped', { ...toFill, action: 'recreate' as const }, {}, []],
    ['of the target, complete', { ...toFill, action: 'complete' as const }, {}, []],
  ])('%s', (_, scope, to, expected) => {
    expect(brief(eventTriggers(ruleInput({ target: to, databases: [scope] })))).toEqual(expected)
  })

  it('disables those that may fire', () => {
    expect(eventTriggers(ruleInput({ databases: [toFill] }))[0]?.sql).toBe(
      'ALTER EVENT TRIGGER "Guard" DISABLE;\nALTER EVENT TRIGGER "audit" DISABLE;',
    )
  })
})

describe('open transactions', () => {
  const one = { pid: 42, user: 'app', database: 'shop', application: 'job', seconds: 600, state: 'active' }
  it('lists long ones, the longest first, and ends only idle ones', () => {
    const forgotten = { ...one, pid: 43, seconds: 7200, state: 'idle in transaction' }
    const found = longTransactions(ruleInput({ source: { longTransactions: [one, forgotten] } }))
    expect(brief(found)).toEqual(['warning long-transaction'])
    expect(found[0]?.message).toContain('43 (app in shop, 120 min, idle in transaction), 42 (app in shop, 10 min, active)')
    expect(found[0]?.sql).toBe('SELECT pg_terminate_backend(43);')
  })

  it('lists prepared ones', () => {
    const prepared = { gid: 'tx-1', database: 'shop', owner: 'app', seconds: 120 }
    const found = preparedTransactions(ruleInput({ source: { preparedTransactions: [prepared] } }))
    expect(brief(found)).toEqual(['warning prepared-transaction'])
    expect(found[0]?.message).toContain('tx-1 (app in shop, 2 min)')
  })

  it("doesn't mind those of the target", () => {
    const input = ruleInput({ target: { longTransactions: [one] } })
    expect([...longTransactions(input), ...preparedTransactions(input)]).toEqual([])
  })
})
