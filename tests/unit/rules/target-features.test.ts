import { expect, it } from 'vitest'
import type { ObservedRelation } from '../../../src/plan/observed.ts'
import type { ScopedDatabase } from '../../../src/plan/rules/rule.ts'
import { targetFeatures } from '../../../src/plan/rules/target-features.ts'
import { column, database, role, target } from '../support/observed.ts'
import { brief, having, holding, ruleInput, scoped } from '../support/rule-input.ts'

const withColumn = (overrides: Partial<ObservedRelation['columns'][number]>) => holding([{ columns: [column(overrides)] }, {}])
const inLocale = (localeProvider: 'i' | 'b', locale: string, icuRules: string | null = null) =>
  scoped({ in: { source: database({ localeProvider, locale, icuRules }) } })
const newer = { since: 17, feature: 'the builtin provider', object: 'collation public.c', relation: null }
const virtual = withColumn({ generated: 'v' })

it.each<[string, number, ScopedDatabase, string[]]>([
  ['a target as new', 18, virtual, []],
  ['virtual generated columns', 17, virtual, ['problem feature-unsupported']],
  ['stored generated columns', 12, withColumn({ generated: 's' }), []],
  ['multiranges', 13, withColumn({ type: 'tstzmultirange' }), ['problem feature-unsupported']],
  ['arrays of multiranges', 13, withColumn({ type: 'int4multirange[]' }), ['problem feature-unsupported']],
  ['multiranges, new enough', 14, withColumn({ type: 'tstzmultirange' }), []],
  ['xid8', 12, withColumn({ type: 'xid8' }), ['problem feature-unsupported']],
  ['xid8 that is excluded', 12, holding([{ columns: [column({ type: 'xid8' })] }], 'excluded'), []],
  ['a definition that it lacks', 16, having({ newerObjects: [newer] }), ['problem feature-unsupported']],
  ['a definition, new enough', 17, having({ newerObjects: [newer] }), []],
  ['a definition of a table that is excluded', 16, excludedWith(newer), []],
  ['an ICU database', 14, inLocale('i', 'de'), ['problem feature-unsupported']],
  ['an ICU database, new enough', 15, inLocale('i', 'de'), []],
  ['an ICU database with rules', 15, inLocale('i', 'de', '&a < b'), ['problem feature-unsupported']],
  ['a builtin locale', 16, inLocale('b', 'C.UTF-8'), ['problem feature-unsupported']],
  ['a builtin locale of 18', 17, inLocale('b', 'PG_UNICODE_FAST'), ['problem feature-unsupported']],
  ['an ICU database made by hand', 14, scoped({ in: { source: database({ localeProvider: 'i', locale: 'de' }), target: target() } }), []],
])('%s on %i', (_, major, scope, expected) => {
  const input = ruleInput({ source: { versionNumber: 180_001 }, target: { versionNumber: major * 10_000 }, databases: [scope] })
  expect(brief(targetFeatures(input))).toEqual(expected)
})

function excludedWith(object: typeof newer): ScopedDatabase {
  const { pair, ...others } = holding([{}], 'excluded')
  const newerObjects = [{ ...object, relation: 20_000 }]
  return { ...others, pair: { ...pair, catalog: pair.catalog && { ...pair.catalog, newerObjects } } }
}

it('lists settings that only the source knows', () => {
  const settings = [
    { role: '', name: 'transaction_timeout', value: '1min' },
    { role: '', name: 'work_mem', value: '64MB' },
    { role: '', name: 'my.setting', value: 'x' },
  ]
  const source = {
    versionNumber: 170_000,
    settings: new Map([
      ['transaction_timeout', '0'],
      ['idle_session_timeout', '0'],
      ['work_mem', '4MB'],
    ]),
    roles: [role({ settings: [{ name: 'idle_session_timeout', value: '1h' }] })],
  }
  const databases = [scoped({ in: { source: database({ settings }) } })]
  const found = targetFeatures(
    ruleInput({ source, target: { versionNumber: 130_000, settings: new Map([['work_mem', '4MB']]) }, databases }),
  )
  expect(brief(found)).toEqual(['warning feature-unsupported'])
  expect(found[0]?.message).toContain('idle_session_timeout, transaction_timeout.')
})

it('points to the one table', () => {
  const [found] = targetFeatures(
    ruleInput({ source: { versionNumber: 180_001 }, target: { versionNumber: 170_000 }, databases: [virtual] }),
  )
  expect(found).toMatchObject({
    message: '1 table with virtual generated columns: public.t0.',
    relation: '"public"."t0"',
    database: 'shop',
  })
})
