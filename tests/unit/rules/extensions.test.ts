import { describe, expect, it } from 'vitest'
import { packageOf } from '../../../src/plan/rules/extension-packages.ts'
import { extensions } from '../../../src/plan/rules/extensions.ts'
import { preloadLibraries } from '../../../src/plan/rules/preload-libraries.ts'
import type { ScopedDatabase } from '../../../src/plan/rules/rule.ts'
import { database, role, target } from '../support/observed.ts'
import { brief, having, ruleInput } from '../support/rule-input.ts'

const using = (name: string, version: string, installed?: string) =>
  having(
    { extensions: [{ name, version, schema: 'public' }] },
    installed === undefined ? {} : { target: target({ extensions: new Map([[name, installed]]) }) },
  )
const available = (name: string, ...versions: readonly [string, ...string[]]) => ({
  availableExtensions: new Map([[name, { defaultVersion: versions[0], versions }]]),
})

describe('extensions', () => {
  it.each<[string, ScopedDatabase, Parameters<typeof ruleInput>[0], string[]]>([
    ['available', using('hstore', '1.8'), { target: available('hstore', '1.8') }, []],
    ['missing', using('hstore', '1.8'), {}, ['problem extension-missing']],
    ['missing, but nothing depends on it', using('pg_stat_statements', '1.10'), {}, ['warning extension-missing']],
    ['there already, though not available', using('hstore', '1.8', '1.8'), {}, []],
    ['there, but dropped with its database', { ...using('hstore', '1.8', '1.8'), action: 'recreate' }, {}, ['problem extension-missing']],
    ['newer on the target', using('hstore', '1.8'), { target: available('hstore', '1.10') }, []],
    ['older on the target', using('hstore', '1.10'), { target: available('hstore', '1.8') }, ['warning extension-version']],
    ['of another major', using('postgis', '2.5.3'), { target: available('postgis', '3.4.1') }, ['warning extension-version']],
    ['older where installed', using('hstore', '1.8', '1.6'), { target: available('hstore', '1.8', '1.6') }, ['warning extension-version']],
    ['version without numbers', using('odd', 'next'), { target: available('odd', 'next') }, []],
  ])('%s', (_, scope, given, expected) => {
    expect(brief(extensions(ruleInput({ ...given, databases: [scope] })))).toEqual(expected)
  })

  it('says what to install for the major of the target', () => {
    const [found] = extensions(ruleInput({ target: { versionNumber: 160_003 }, databases: [using('vector', '0.8.0')] }))
    expect(found?.hint).toContain('sudo apt-get install postgresql-16-pgvector')
  })

  it('updates an installed one that could be newer', () => {
    const input = ruleInput({ target: available('hstore', '1.8', '1.6'), databases: [using('hstore', '1.8', '1.6')] })
    expect(extensions(input)[0]?.sql).toBe('ALTER EXTENSION "hstore" UPDATE TO "1.8";')
  })

  it('speaks once of an extension, whatever the number of databases', () => {
    const databases = ['a', 'b'].map((name) =>
      having({ extensions: [{ name: 'hstore', version: '1.8', schema: 'public' }] }, { source: database({ name }) }),
    )
    const found = extensions(ruleInput({ databases }))
    expect(found.map(({ message }) => message)).toEqual(["Extension hstore isn't available on the target; used by a, b."])
  })
})

describe('packages', () => {
  it.each([
    ['hstore', 'postgresql-17'],
    ['postgis_topology', 'postgresql-17-postgis-3'],
    ['plpython3u', 'postgresql-plpython3-17'],
    ['pg_cron', 'postgresql-17-cron'],
    ['home_made', null],
  ])('%s: %s', (extension, expected) => {
    expect(packageOf(extension, 17)).toBe(expected)
  })
})

describe('preload libraries', () => {
  const loading = (value: string) => ({ settings: new Map([['shared_preload_libraries', value]]) })
  it.each<[string, ScopedDatabase, Parameters<typeof ruleInput>[0], string[]]>([
    ['none in use', using('hstore', '1.8'), {}, []],
    ['in use and loaded', using('timescaledb', '2.17'), { target: loading('pg_stat_statements, "timescaledb"') }, []],
    ['loaded by its folder', using('citus', '12.1'), { target: loading('$libdir/citus') }, []],
    ['not loaded, and its data need it', using('timescaledb', '2.17'), { target: loading('') }, ['problem preload-library-missing']],
    ['not loaded, and nothing needs it', using('pg_stat_statements', '1.10'), { target: loading('') }, ['warning preload-library-missing']],
    ["can't be seen", using('timescaledb', '2.17'), { target: { settings: new Map() } }, ['warning preload-library-missing']],
    [
      'only a setting of the database shows it',
      having({}, { source: database({ settings: [{ role: '', name: 'auto_explain.log_min_duration', value: '1s' }] }) }),
      {},
      ['warning preload-library-missing'],
    ],
    [
      'only a setting of a role shows it',
      having({}),
      { source: { roles: [role({ settings: [{ name: 'pgaudit.log', value: 'ddl' }] })] } },
      ['warning preload-library-missing'],
    ],
  ])('%s', (_, scope, given, expected) => {
    expect(brief(preloadLibraries(ruleInput({ ...given, databases: [scope] })))).toEqual(expected)
  })

  it('keeps what is loaded already', () => {
    const [found] = preloadLibraries(
      ruleInput({ target: loading('pg_stat_statements,auto_explain'), databases: [using('pg_cron', '1.6')] }),
    )
    expect(found?.sql).toBe("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements', 'auto_explain', 'pg_cron';")
  })
})
