import { expect, test } from 'vitest'
import { decideAction } from '../../../src/plan/decide-action.ts'
import type { ObservedTarget } from '../../../src/plan/observed.ts'
import type { DatabaseAction } from '../../../src/plan/plan.ts'
import type { ScopeChange } from '../../../src/plan/scope-change.ts'
import { ledger, target } from '../support/observed.ts'

const identity = { systemIdentifier: '7000000000000000001', databaseOid: 16_384, fingerprint: 'f', change: null }
const used = { foreignObjectCount: 1, foreignObjects: ['table public.t'] }

const more: ScopeChange = { from: 'g', added: [], removed: [], withdrawn: [], refiltered: [], stuck: [] }
const less: ScopeChange = { ...more, removed: [{ schema: 'public', name: 't' }] }

test.each<[string, Partial<ScopeChange>, { yes?: boolean; dropExisting?: boolean; resume?: boolean; complete?: boolean }, DatabaseAction]>([
  ['has only more', more, {}, 'resume'],
  ['has only more', more, { dropExisting: true }, 'resume'],
  ['has only more', more, { resume: false }, 'recreate'],
  ['has only more', more, { complete: true }, 'fill'],
  ['has less', less, {}, 'fill'],
  ['has less', less, { dropExisting: true }, 'recreate'],
  ['has less', less, { yes: true }, 'resume'],
  ['has less', less, { yes: true, complete: true }, 'fill'],
  ['is stuck', { stuck: less.removed }, { yes: true }, 'fill'],
])('a copy of a scope that %s now: %#', (_, change, { complete = false, ...options }, expected) => {
  const there = target({ ...used, ledger: ledger({ fingerprint: 'g', scope: [], complete }) })
  const changed = { ...identity, change: { ...more, ...change } }
  expect(decideAction(there, changed, { dropExisting: false, resume: true, yes: false, ...options })).toBe(expected)
})

test.each<[string, ObservedTarget | null, { dropExisting?: boolean; resume?: boolean }, DatabaseAction]>([
  ['none', null, {}, 'create'],
  ['none', null, { dropExisting: true }, 'create'],
  ['an empty one', target(), {}, 'fill'],
  ['an empty one', target(), { dropExisting: true }, 'fill'],
  ['one in use', target(used), {}, 'fill'],
  ['one in use', target(used), { dropExisting: true }, 'recreate'],
  ['one in use', target(used), { resume: false }, 'fill'],
  ['one that is closed to us', target(null), { dropExisting: true }, 'recreate'],
  ['one that is closed to us', target(null), {}, 'fill'],
  ['our unfinished copy', target({ ...used, ledger: ledger() }), {}, 'resume'],
  ['our unfinished copy', target({ ...used, ledger: ledger() }), { dropExisting: true }, 'resume'],
  ['our unfinished copy', target({ ...used, ledger: ledger() }), { resume: false }, 'recreate'],
  ['our finished copy', target({ ...used, ledger: ledger({ complete: true }) }), {}, 'complete'],
  ['our finished copy', target({ ...used, ledger: ledger({ complete: true }) }), { dropExisting: true }, 'recreate'],
  ['our finished copy', target({ ...used, ledger: ledger({ complete: true }) }), { resume: false }, 'fill'],
  ['our copy of another scope', target({ ...used, ledger: ledger({ fingerprint: 'g' }) }), {}, 'fill'],
  ['our copy of another scope', target({ ...used, ledger: ledger({ fingerprint: 'g' }) }), { dropExisting: true }, 'recreate'],
  ['our copy of another scope', target({ ...used, ledger: ledger({ fingerprint: 'g' }) }), { resume: false }, 'recreate'],
  ['our copy of another source', target({ ...used, ledger: ledger({ sourceSystemIdentifier: '1' }) }), {}, 'fill'],
  ['our copy of another source', target({ ...used, ledger: ledger({ sourceSystemIdentifier: '1' }) }), { resume: false }, 'fill'],
  ['our copy of another database', target({ ...used, ledger: ledger({ sourceDatabaseOid: 1 }) }), {}, 'fill'],
])('%s on the target: %#', (_, there, options, expected) => {
  expect(decideAction(there, identity, { dropExisting: false, resume: true, yes: false, ...options })).toBe(expected)
})
