import { describe, expect, it } from 'vitest'
import { droppable } from '../../../src/plan/rules/droppable.ts'
import { nothingSelected } from '../../../src/plan/rules/nothing-selected.ts'
import type { ScopedDatabase } from '../../../src/plan/rules/rule.ts'
import { sameDatabase } from '../../../src/plan/rules/same-database.ts'
import { targetEmpty } from '../../../src/plan/rules/target-empty.ts'
import { database, ledger, role, target } from '../support/observed.ts'
import { brief, having, holding, named, ruleInput, scoped } from '../support/rule-input.ts'

describe('nothing selected', () => {
  it.each<[string, readonly ScopedDatabase[], string[]]>([
    ['a table', [scoped()], []],
    ['no database', [], ['problem nothing-selected']],
    ['a database without tables', [having({ relations: [] })], []],
    ['every table excluded', [holding([{}, {}], 'excluded')], ['problem nothing-selected']],
    ['only structure', [holding([{}], 'schema-only')], []],
    ['excluded in one, copied in the other', [holding([{}], 'excluded'), scoped()], []],
  ])('%s', (_, databases, expected) => {
    expect(brief(nothingSelected(ruleInput({ databases })))).toEqual(expected)
  })
})

describe('same database', () => {
  const one = '7000000000000000001'
  const equalOids = scoped({ in: { target: target({}, { oid: 16_384 }) } })
  const otherOids = scoped({ in: { target: target() } })
  const elsewhere = { host: 'other.example.com' }
  it.each<[string, { systemIdentifier?: string; host?: string; port?: number }, ScopedDatabase, string[]]>([
    ['another cluster with equal oids', {}, equalOids, []],
    ['the same cluster, by another name', { ...elsewhere, systemIdentifier: one }, equalOids, ['problem same-database']],
    ['the same cluster, but another database', { systemIdentifier: one }, otherOids, []],
    ["a target database that isn't there", { systemIdentifier: one }, scoped(), []],
    ['identity unreadable, same address', { systemIdentifier: '', host: 'DB.example.com' }, equalOids, ['problem same-database']],
    ['identity unreadable, other host', { ...elsewhere, systemIdentifier: '' }, equalOids, ['warning same-database']],
    ['identity unreadable, other port', { host: 'db.example.com', port: 5433, systemIdentifier: '' }, equalOids, ['warning same-database']],
    ['identity unreadable, other oids', { systemIdentifier: '', host: 'db.example.com' }, otherOids, []],
    [
      'identity unreadable, to be dropped',
      { ...elsewhere, systemIdentifier: '' },
      { ...equalOids, action: 'recreate' },
      ['problem same-database'],
    ],
  ])('%s', (_, to, scope, expected) => {
    expect(brief(sameDatabase(ruleInput({ target: to, databases: [scope] })))).toEqual(expected)
  })

  it('knows this machine by all its names', () => {
    const found = sameDatabase(
      ruleInput({ source: { host: 'localhost' }, target: { host: '/var/run/postgresql', systemIdentifier: '' }, databases: [equalOids] }),
    )
    expect(brief(found)).toEqual(['problem same-database'])
  })

  it('names all of them in one finding', () => {
    const databases = named('a', 'B', 'c').map((each) =>
      scoped({ in: { ...each.pair, target: { database: each.pair.source, content: null } } }),
    )
    const found = sameDatabase(ruleInput({ target: { systemIdentifier: one }, databases }))
    expect(found).toHaveLength(1)
    expect(found[0]?.message).toContain('a, "B", c')
  })
})

describe('target empty', () => {
  const full = target({ foreignObjects: ['table public.film', 'table public.actor'], foreignObjectCount: 5000 })
  const ours = target({ ledger: ledger(), foreignObjects: ['table public.item'], foreignObjectCount: 1 })
  const others = target({ ledger: ledger({ sourceSystemIdentifier: '42' }) })
  const otherOid = target({ ledger: ledger({ sourceDatabaseOid: 1 }) })
  it.each<[string, ScopedDatabase, string[]]>([
    ["isn't there", scoped(), []],
    ['empty', scoped({ in: { target: target() } }), []],
    ['holds data', scoped({ in: { target: full } }), ['problem target-not-empty']],
    ['holds data, to be dropped', scoped({ in: { target: full }, action: 'recreate' }), []],
    ['ours to resume', scoped({ in: { target: ours }, action: 'resume' }), []],
    ['ours and complete', scoped({ in: { target: ours }, action: 'complete' }), []],
    ['ours, with another fingerprint', scoped({ in: { target: ours } }), []],
    [
      'ours, finished, perhaps in production',
      scoped({
        in: { target: target({ ledger: ledger({ complete: true }), foreignObjects: ['table public.item'], foreignObjectCount: 1 }) },
      }),
      ['problem target-not-empty'],
    ],
    ["another source's", scoped({ in: { target: others } }), ['problem target-not-empty']],
    ["another source's, never resumed", scoped({ in: { target: others }, action: 'resume' }), ['problem target-not-empty']],
    ["another source's, to be dropped", scoped({ in: { target: others }, action: 'recreate' }), []],
    ["another database's of the source", scoped({ in: { target: otherOid } }), ['problem target-not-empty']],
    ["can't be looked into", scoped({ in: { target: target(null) } }), []],
  ])('%s', (_, scope, expected) => {
    expect(brief(targetEmpty(ruleInput({ databases: [scope] })))).toEqual(expected)
  })

  it('lists what is there', () => {
    const [found] = targetEmpty(ruleInput({ databases: [scoped({ in: { target: full } })] }))
    expect(found?.message).toBe("Database shop of the target isn't empty: table public.film, table public.actor and 4,998 more.")
    expect(found?.database).toBe('shop')
  })
})

describe('droppable', () => {
  const owned = (owner: string) => scoped({ in: { target: target({}, { owner }) }, action: 'recreate' })
  it.each<[string, ScopedDatabase, boolean, string[]]>([
    ['our own', owned('app'), false, []],
    ["a role's that we're a member of", owned('team'), false, []],
    ["a stranger's", owned('stranger'), false, ['problem privilege-missing']],
    ["a stranger's, as a superuser", owned('stranger'), true, []],
    ["a stranger's that stays", scoped({ in: { target: target({}, { owner: 'stranger' }) } }), false, []],
  ])('%s', (_, scope, superuser, expected) => {
    const roles = [role(), role({ name: 'team' }), role({ name: 'stranger', usable: false })]
    expect(brief(droppable(ruleInput({ target: { roles, superuser }, databases: [scope] })))).toEqual(expected)
  })

  it('stumbles over prepared transactions of that database alone', () => {
    const preparedTransactions = ['shop', 'other'].map((name) => ({ gid: `gid of ${name}`, database: name, owner: 'app', seconds: 1 }))
    const databases = [
      owned('app'),
      scoped({ in: { source: database({ name: 'free' }), target: target({}, { name: 'free' }) }, action: 'recreate' }),
    ]
    const found = droppable(ruleInput({ target: { preparedTransactions }, databases }))
    expect(brief(found)).toEqual(['problem prepared-transaction'])
    expect(found[0]?.message).toContain('1 prepared transaction (gid of shop)')
  })
})
