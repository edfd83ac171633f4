import { describe, expect, it } from 'vitest'
import { outputPlugin } from '../../../src/plan/rules/output-plugin.ts'
import { slots } from '../../../src/plan/rules/slots.ts'
import { walLevel } from '../../../src/plan/rules/wal-level.ts'
import { walRetention } from '../../../src/plan/rules/wal-retention.ts'
import { workers } from '../../../src/plan/rules/workers.ts'
import { ledger, relation, settings, target } from '../support/observed.ts'
import { slot, subscription } from '../support/replication.ts'
import { brief, holding, named, ruleInput, scoped, scopedTable } from '../support/rule-input.ts'

const foreignSlots = (count: number) => Array.from({ length: count }, (_, index) => slot(`other${index}`, { database: 'other' }))
const own = 'seren_replication_sub_shop'

describe('wal_level', () => {
  it.each([
    [{}, []],
    [{ wal_level: 'replica' }, ['problem wal-level']],
    [{ wal_level: 'minimal' }, ['problem wal-level']],
  ])('%j: %j', (values, expected) => {
    expect(brief(walLevel(ruleInput({ source: settings(values) })))).toEqual(expected)
  })

  it.each([
    [{}, 'restart the source', true],
    [{ 'rds.logical_replication': '0' }, 'rds.logical_replication to 1', false],
    [{ 'cloudsql.logical_decoding': 'off' }, 'cloudsql.logical_decoding', false],
    [{ 'azure.extensions': '' }, 'azure.replication_support', false],
    [{ 'neon.timeline_id': '' }, "project's settings", false],
  ])('%j hints %j', (values, hint, sql) => {
    const [found] = walLevel(ruleInput({ source: settings({ wal_level: 'replica', ...values }) }))
    expect(found?.hint).toContain(hint)
    expect(found?.sql !== undefined).toBe(sql)
  })
})

describe('output plugins', () => {
  it.each([
    [undefined, []],
    ['pgoutput, test_decoding', []],
    ['"pgoutput"', []],
    ['wal2json', ['problem output-plugin']],
    ['', ['problem output-plugin']],
    ['pgoutput2', ['problem output-plugin']],
  ])('%j: %j', (value, expected) => {
    const source = settings(value === undefined ? {} : { output_plugin_libraries: value })
    expect(brief(outputPlugin(ruleInput({ source })))).toEqual(expected)
  })

  it('keeps what is listed', () => {
    const [found] = outputPlugin(ruleInput({ source: settings({ output_plugin_libraries: 'wal2json, test_decoding' }) }))
    expect(found?.sql).toContain("output_plugin_libraries = 'wal2json, test_decoding, pgoutput';")
  })
})

describe('slots and senders', () => {
  it.each([
    ['room for one', 9, 9, 1, []],
    ['no slot', 10, 9, 1, ['problem slots-short']],
    ['no sender', 9, 10, 1, ['problem slots-short']],
    ['neither', 10, 10, 1, ['problem slots-short', 'problem slots-short']],
    ['one of two databases', 9, 0, 2, ['problem slots-short']],
  ])('%s', (_, used, walSenders, count, expected) => {
    const databases = named(...['a', 'b'].slice(0, count))
    expect(brief(slots(ruleInput({ databases, replication: { source: { slots: foreignSlots(used), walSenders } } })))).toEqual(expected)
  })

  it('says the numbers', () => {
    const [found] = slots(ruleInput({ databases: named('a', 'b'), replication: { source: { slots: foreignSlots(9) } } }))
    expect(found).toMatchObject({
      message: 'The source has 1 replication slot free (9 of 10 in use); 2 are needed.',
      hint: expect.stringContaining('Raise max_replication_slots to 11'),
      sql: 'ALTER SYSTEM SET max_replication_slots = 11;',
    })
  })

  const resumed = (copied: boolean) =>
    scoped({
      in: { target: target({ ledger: ledger({ lanes: [{ lane: 1, slot: own }] }) }) },
      action: 'resume',
      tables: [scopedTable(relation(), 'copy', { copied })],
    })

  it('a copy that goes on takes one more, as long as something is to be copied', () => {
    const replication = { source: { slots: [slot(own), ...foreignSlots(9)], walSenders: 0 } }
    expect(brief(slots(ruleInput({ databases: [resumed(false)], replication })))).toEqual(['problem slots-short'])
    expect(brief(slots(ruleInput({ databases: [resumed(true)], replication })))).toEqual([])
  })

  it('a slot of ours that nobody reads needs a sender', () => {
    const input = (active: boolean) =>
      ruleInput({ databases: [resumed(true)], replication: { source: { slots: [slot(own, { active })], walSenders: 10 } } })
    expect(brief(slots(input(false)))).toEqual(['problem slots-short'])
    expect(brief(slots(input(true)))).toEqual([])
  })

  it('what starts over frees its own', () => {
    const replication = { source: { slots: [slot(own), slot(`${own}_2`), ...foreignSlots(8)] } }
    expect(brief(slots(ruleInput({ replication })))).toEqual([])
  })

  it('a table that PostgreSQL synchronises takes a lane, and a slot and a sender for each worker', () => {
    const databases = [holding([{}, {}, {}], 'copy', { tableSync: true })]
    const input = (used: number) => ruleInput({ databases, replication: { source: { slots: foreignSlots(used), walSenders: used } } })
    expect(brief(slots(input(6)))).toEqual([])
    expect(brief(slots(input(7)))).toEqual(['problem slots-short', 'problem slots-short'])
  })

  it('sync needs one only to add tables', () => {
    const replication = { source: { slots: [slot(own, { active: true }), ...foreignSlots(9)] } }
    const input = (addTables: boolean) => ruleInput({ databases: [resumed(true)], replication, config: { command: 'sync', addTables } })
    expect(brief(slots(input(false)))).toEqual([])
    expect(brief(slots(input(true)))).toEqual(['problem slots-short'])
  })
})

describe('workers', () => {
  const others = (count: number) => Array.from({ length: count }, (_, index) => subscription(`s${index}`, { database: 'other' }))

  it.each([
    ['room', 3, 7, 9, []],
    ['no apply worker', 4, 7, 9, ['problem workers-short']],
    ['no background worker', 3, 8, 9, ['problem workers-short']],
    ['no origin', 3, 7, 10, ['problem workers-short']],
  ])('%s', (_, subscriptions, backgroundWorkers, origins, expected) => {
    const replication = { target: { subscriptions: others(subscriptions), backgroundWorkers, origins } }
    expect(brief(workers(ruleInput({ replication })))).toEqual(expected)
  })

  it('origins have a setting of their own from 18 on', () => {
    const newer = { versionNumber: 180_000, ...settings({ max_active_replication_origins: '3' }) }
    const [found] = workers(ruleInput({ target: newer, replication: { target: { origins: 3 } } }))
    expect(found?.hint).toContain('max_active_replication_origins to 4')
  })

  it('lanes that are there and not subscribed count', () => {
    const complete = scoped({ in: { target: target({ ledger: ledger({ complete: true }) }) }, action: 'complete' })
    const lanes = { slots: [slot(own), slot(`${own}_2`)] }
    const subscriptions = [subscription('seren_replication_sub', { slot: own }), ...others(2)]
    const input = (more: number) =>
      ruleInput({ databases: [complete], replication: { source: lanes, target: { subscriptions: [...subscriptions, ...others(more)] } } })
    expect(brief(workers(input(0)))).toEqual([])
    expect(brief(workers(input(1)))).toEqual(['problem workers-short'])
  })
})

describe('retention', () => {
  it.each([
    ['without limit', '-1', 1e9, 3600, []],
    ['little', '1024', 100_000, 600, []],
    ['much', '1024', 10_000_000, 600, ['warning wal-retention']],
    ['unknown rate', '1024', null, 600, []],
  ] as const)('%s', (_, limit, walBytesPerSecond, estimatedSeconds, expected) => {
    const source = settings({ max_slot_wal_keep_size: limit })
    expect(brief(walRetention(ruleInput({ source, estimatedSeconds, replication: { source: { walBytesPerSecond } } })))).toEqual(expected)
  })

  it('says the numbers', () => {
    const input = { source: settings({ max_slot_wal_keep_size: '1024' }), estimatedSeconds: 600 }
    const [found] = walRetention(ruleInput({ ...input, replication: { source: { walBytesPerSecond: 10 * 1024 * 1024 } } }))
    expect(found?.message).toBe(
      'The source writes 10 MB of log per second; in 10 min of copying, and catching up, a slot would have to keep 12,000 MB, and may keep 1,024 MB.',
    )
    expect(found?.sql).toContain("'12000MB'")
  })

  it('is guessed from the size where nothing was measured', () => {
    const databases = [holding([{ heapBytes: 200_000_000_000n }])]
    const source = settings({ max_slot_wal_keep_size: '1024' })
    expect(brief(walRetention(ruleInput({ databases, source, replication: { source: { walBytesPerSecond: 1_000_000 } } })))).toEqual([
      'warning wal-retention',
    ])
  })

  it('minds slots that may not be idle', () => {
    const source = settings({ idle_replication_slot_timeout: '3600' })
    expect(brief(walRetention(ruleInput({ source, estimatedSeconds: 7200 })))).toEqual(['warning wal-retention'])
    expect(walRetention(ruleInput({ source, estimatedSeconds: 60 }))).toEqual([])
  })
})
