import { describe, expect, it } from 'vitest'
import type { ObservedDatabase, ObservedServer } from '../../../src/plan/observed.ts'
import { collations } from '../../../src/plan/rules/collations.ts'
import { encodings } from '../../../src/plan/rules/encodings.ts'
import { locales } from '../../../src/plan/rules/locales.ts'
import type { ScopedDatabase } from '../../../src/plan/rules/rule.ts'
import { tablespaces } from '../../../src/plan/rules/tablespaces.ts'
import { database, target } from '../support/observed.ts'
import { brief, having, ruleInput, scoped } from '../support/rule-input.ts'

const ofSource = (overrides: Partial<ObservedDatabase>) => scoped({ in: { source: database(overrides) } })
const german = { collate: 'de_DE.UTF-8', ctype: 'de_DE.UTF-8' }
const onBoth = (source: Partial<ObservedDatabase>, there: Partial<ObservedDatabase>) =>
  scoped({ in: { source: database(source), target: target({}, there) } })

describe('encodings', () => {
  const latin = onBoth({}, { encoding: 'LATIN1' })
  it.each<[string, ScopedDatabase, string[]]>([
    ['to be created', ofSource({ encoding: 'LATIN1' }), []],
    ['equal', onBoth({}, {}), []],
    ['different', latin, ['problem encoding-differs']],
    ['different, to be dropped', { ...latin, action: 'recreate' }, []],
  ])('%s', (_, scope, expected) => {
    expect(brief(encodings(ruleInput({ databases: [scope] })))).toEqual(expected)
  })
})

describe('locales', () => {
  const alpine = ['C', 'POSIX', 'ucs_basic', 'C.UTF-8', 'pg_c_utf8', 'de-DE', 'de-DE-x-icu', 'en-US', 'en-US-x-icu']
  it.each<[string, ScopedDatabase, Partial<ObservedServer>, string[]]>([
    ['spelled otherwise', ofSource({}), {}, []],
    ['missing', ofSource(german), {}, ['problem locale-missing']],
    ['only the one of ctype missing', ofSource({ ctype: 'de_DE.UTF-8' }), {}, ['problem locale-missing']],
    ['a database of the target has it', ofSource(german), { databases: [database(german)] }, []],
    ['the database is there', onBoth(german, {}), {}, []],
    ['to be recreated', { ...onBoth(german, {}), action: 'recreate' }, {}, ['problem locale-missing']],
    ['C', ofSource({ collate: 'C', ctype: 'C.UTF-8' }), { locales: ['C', 'POSIX', 'de_DE.utf8'] }, []],
    ['musl lists none', ofSource(german), { locales: alpine }, ['warning locale-missing']],
    ['glibc with nothing installed', ofSource(german), { locales: ['C', 'C.utf8', 'POSIX'] }, ['problem locale-missing']],
    ['ICU there', ofSource({ localeProvider: 'i', locale: 'de' }), {}, []],
    [
      'ICU not built in',
      ofSource({ localeProvider: 'i', locale: 'de' }),
      { locales: ['C.utf8', 'en_US.utf8'] },
      ['problem locale-missing'],
    ],
  ])('%s', (_, scope, to, expected) => {
    expect(brief(locales(ruleInput({ target: to, databases: [scope] })))).toEqual(expected)
  })

  it('names locales and databases in one finding', () => {
    const found = locales(ruleInput({ databases: ['a', 'b'].map((name) => ofSource({ name, ...german })) }))
    expect(found.map(({ message }) => message)).toEqual(["1 locale that the target doesn't have: de_DE.UTF-8; for a, b."])
  })
})

describe('collations', () => {
  const glibc = (collationVersion: string) => ({ databases: [database({ name: 'postgres', collationVersion })] })
  it.each<[string, ScopedDatabase, Partial<ObservedServer>, string[]]>([
    ['no version recorded', ofSource({}), glibc('2.39'), []],
    ['the same version', ofSource({ collationVersion: '2.39' }), glibc('2.39'), []],
    ['another version', ofSource({ collationVersion: '2.31' }), glibc('2.39'), ['warning collation-differs']],
    ["another provider's version", ofSource({ collationVersion: '153.14', localeProvider: 'i', locale: 'en' }), glibc('2.39'), []],
    ['another collation', onBoth({}, { collate: 'C' }), {}, ['warning collation-differs']],
    ['another collation, to be dropped', { ...onBoth({}, { collate: 'C' }), action: 'recreate' }, {}, []],
    ['the same, spelled otherwise', onBoth({}, { collate: 'en_US.utf8', ctype: 'en_US.utf8' }), {}, []],
    [
      'another ICU locale',
      onBoth({ localeProvider: 'i', locale: 'en' }, { localeProvider: 'i', locale: 'de' }),
      {},
      ['warning collation-differs'],
    ],
    ['another provider', onBoth({}, { localeProvider: 'i', locale: 'en-US' }), {}, ['warning collation-differs']],
  ])('%s', (_, scope, to, expected) => {
    expect(brief(collations(ruleInput({ target: to, databases: [scope] })))).toEqual(expected)
  })
})

describe('tablespaces', () => {
  it.each<[string, ScopedDatabase, string[]]>([
    ['the default', scoped(), []],
    ['there', having({ tablespaces: ['fast'] }), []],
    ['missing', having({ tablespaces: ['slow', 'fast'] }), ['warning tablespace-missing']],
    ["the database's own", ofSource({ tablespace: 'slow' }), ['warning tablespace-missing']],
    ["the database's own, but it's there", onBoth({ tablespace: 'slow' }, {}), []],
  ])('%s', (_, scope, expected) => {
    const found = tablespaces(ruleInput({ target: { tablespaces: ['pg_default', 'fast'] }, databases: [scope] }))
    expect(brief(found)).toEqual(expected)
    for (const { message } of found) expect(message).toBe("1 tablespace that the target doesn't have: slow.")
  })
})
