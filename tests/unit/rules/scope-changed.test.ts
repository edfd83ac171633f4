import { describe, expect, it } from 'vitest'
import type { LedgerTable, ObservedLedger, RelationKind } from '../../../src/plan/observed.ts'
import { scopeChanged } from '../../../src/plan/rules/scope-changed.ts'
import { targetEmpty } from '../../../src/plan/rules/target-empty.ts'
import { isDestructive, type ScopeChange, scopeChange, withoutRowsOf } from '../../../src/plan/scope-change.ts'
import { changeInWords } from '../../../src/plan/scope-change-words.ts'
import { ledger, target } from '../support/observed.ts'
import { brief, ruleInput, scoped } from '../support/rule-input.ts'

const table = (name: string, rule = 'full', ...conditions: unknown[][]): LedgerTable => ({
  ...{ schema: 'public', name, rule },
  conditions: conditions.map((one) => JSON.stringify(one)),
})
const relation = (name: string, kind: RelationKind = 'table', ofExtension = false) => ({ schema: 'public', name, kind, ofExtension })
const copied = (name: string): ObservedLedger['copied'][number] => ({
  ...{ schema: 'public', name, part: 0, parts: 1, lane: 1 },
  ...{ rows: 1n, bytes: 1n },
})

function changeOf(
  before: LedgerTable[],
  after: LedgerTable[],
  more: Parameters<typeof ledger>[0] = {},
  relations = [relation('t')],
): ScopeChange {
  const change = scopeChange(ledger({ scope: before, ...more }), after, relations)
  if (change === null) throw new Error('the ledger has its scope')
  return change
}

describe('what a changed scope changes', () => {
  const filtered = table('t', 'filtered', ["status = 'new'"])
  it.each<[string, LedgerTable[], LedgerTable[], string, boolean]>([
    ['nothing', [table('t')], [table('t')], 'nothing that could be named', false],
    ['a new table', [table('t')], [table('t'), table('Odd')], '1 relation added (public."Odd")', false],
    ['an included one', [table('t'), table('u', 'excluded')], [table('t'), table('u')], '1 relation added (public.u)', false],
    ['an excluded one', [table('t'), table('u')], [table('t'), table('u', 'excluded')], '1 relation removed (public.u)', true],
    ['one that is gone', [table('t'), table('u')], [table('t')], '1 relation removed (public.u)', true],
    ['one that was excluded, and is gone', [table('t'), table('u', 'excluded')], [table('t')], 'nothing that could be named', false],
    ['a filter', [table('t')], [filtered], "other rows of 1 relation (public.t: all rows → status = 'new')", true],
    [
      'a window of time',
      [table('t', 'filtered', ['at', 6, 'month'])],
      [table('t', 'filtered', ['at', 1, 'year'], ['x > 1'])],
      'other rows of 1 relation (public.t: at of the last 6 months → at of the last 1 year and x > 1)',
      true,
    ],
    ['rows at all', [table('t', 'schema-only')], [table('t')], 'other rows of 1 relation (public.t: no rows → all rows)', true],
    [
      'what left its lane, though its rule is the same',
      withoutRowsOf([table('t'), table('u')], [table('t')]),
      [table('t'), table('u')],
      'other rows of 1 relation (public.t: rows that nothing follows any more → all rows)',
      true,
    ],
    [
      'what left its lane, and is excluded',
      withoutRowsOf([table('t')], [table('t')]),
      [table('t', 'excluded')],
      '1 relation removed (public.t)',
      true,
    ],
    [
      'rows of what has none yet',
      [table('u')],
      [table('u', 'schema-only')],
      'other rows of 1 relation (public.u: all rows → no rows)',
      false,
    ],
  ])('%s', (_, before, after, words, destructive) => {
    const change = changeOf(before, after, { copied: [copied('t')] })
    expect(changeInWords(change)).toBe(words)
    expect(isDestructive(change, { preDataDone: true })).toBe(destructive)
    expect(isDestructive(change, { preDataDone: false })).toBe(false)
  })

  it('names twenty of each kind, and counts the rest', () => {
    const many = Array.from({ length: 30 }, (_, number) => table(`t${number}`))
    expect(changeInWords(changeOf([], many))).toMatch(/^30 relations added \(public\.t0, .* and 10 more\)$/)
  })

  it('tells views and sequences by what is excluded', () => {
    const relations = [relation('v', 'view'), relation('w', 'view')]
    const change = changeOf([table('v', 'excluded')], [table('w', 'excluded')], {}, relations)
    expect(change).toMatchObject({ added: [{ name: 'v' }], withdrawn: [{ name: 'w' }], removed: [] })
    expect(isDestructive(change, { preDataDone: true })).toBe(false)
  })

  it('has no way to copy rows of an extension table anew', () => {
    const change = changeOf([table('t')], [table('t', 'excluded')], { copied: [copied('t')] }, [relation('t', 'table', true)])
    expect(change).toMatchObject({ removed: [], stuck: [{ name: 't' }] })
  })
})

describe('scope changed', () => {
  const change = changeOf([table('t'), table('u')], [table('t')], { copied: [copied('u')] })
  const unfinished = target({ ledger: ledger({ scope: [], fingerprint: 'g' }), foreignObjectCount: 1 })
  const finished = (lanes: ObservedLedger['lanes']) =>
    target({ ledger: ledger({ scope: [], fingerprint: 'g', complete: true, lanes }), foreignObjectCount: 1 })

  it.each([
    ['goes on', { action: 'resume', change }, ['warning scope-changed']],
    ['goes on unchanged', { action: 'resume', change: null }, []],
    ['is refused', { action: 'fill', change }, ['problem scope-changed']],
    ['of an earlier version is refused', { action: 'fill', change: null }, ['problem scope-changed']],
    ['is dropped', { action: 'recreate', change }, []],
  ] as const)('%s', (_, more, expected) => {
    expect(brief(scopeChanged(ruleInput({ databases: [scoped({ in: { target: unfinished }, ...more })] })))).toEqual(expected)
  })

  it('tells what it takes', () => {
    const [found] = scopeChanged(ruleInput({ databases: [scoped({ in: { target: unfinished }, action: 'fill', change })] }))
    expect(found?.message).toBe('The unfinished copy of shop on the target was begun with another scope: 1 relation removed (public.u).')
    expect(found?.hint).toMatch(/^Give yes .*no-resume/)
  })

  it('tells of a finished copy what it has otherwise, and how new tables come in', () => {
    const more = changeOf([table('t')], [table('t'), table('u')])
    const found = (lanes: ObservedLedger['lanes'], changed: ScopeChange) =>
      targetEmpty(ruleInput({ databases: [scoped({ in: { target: finished(lanes) }, action: 'fill', change: changed })] }))[0]
    expect(found([], more)?.message).toContain('holds a finished copy of another scope: 1 relation added (public.u).')
    expect(found([], more)?.hint).not.toContain('add-tables')
    expect(found([{ lane: 1, slot: 's' }], more)?.hint).toContain('add-tables')
    expect(found([{ lane: 1, slot: 's' }], change)?.hint).not.toContain('add-tables')
  })
})
