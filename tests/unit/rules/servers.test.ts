import { describe, expect, it } from 'vitest'
import type { ObservedServer } from '../../../src/plan/observed.ts'
import { connections } from '../../../src/plan/rules/connections.ts'
import { ipv6 } from '../../../src/plan/rules/ipv6.ts'
import { pooler } from '../../../src/plan/rules/pooler.ts'
import { targetWritable } from '../../../src/plan/rules/target-writable.ts'
import { tls } from '../../../src/plan/rules/tls.ts'
import { tools } from '../../../src/plan/rules/tools.ts'
import { versions } from '../../../src/plan/rules/versions.ts'
import { connectionSettings } from '../support/config.ts'
import { database, role, target } from '../support/observed.ts'
import { brief, ruleInput, scoped } from '../support/rule-input.ts'

describe('versions', () => {
  it.each([
    [120_022, 180_004, []],
    [180_004, 180_004, []],
    [110_022, 180_004, ['problem version-unsupported']],
    [90_624, 190_000, ['problem version-unsupported', 'problem version-unsupported']],
    [170_000, 150_018, ['warning target-older']],
    [190_000, 180_004, ['problem version-unsupported', 'warning target-older']],
  ])('%i to %i: %j', (source, to, expected) => {
    expect(brief(versions(ruleInput({ source: { versionNumber: source }, target: { versionNumber: to } })))).toEqual(expected)
  })
})

describe('tools', () => {
  const tool = (name: string, major: number) => ({ path: `/usr/bin/${name}`, major, version: `${major}.1` })
  it.each([
    ['as new as the source', tool('pg_dump', 17), tool('pg_restore', 17), []],
    ['newer than the source', tool('pg_dump', 18), tool('pg_restore', 18), []],
    ['no pg_dump', null, tool('pg_restore', 17), ['problem tools-missing']],
    ['no pg_restore', tool('pg_dump', 17), null, ['problem tools-missing']],
    ['both older', tool('pg_dump', 16), tool('pg_restore', 16), ['problem tools-too-old', 'problem tools-too-old']],
    ['pg_restore older than pg_dump', tool('pg_dump', 18), tool('pg_restore', 17), ['problem tools-too-old']],
  ])('%s', (_, pgDump, pgRestore, expected) => {
    const found = tools(ruleInput({ tools: { pgDump, pgRestore, looked: ['/usr/lib/postgresql', 'PATH'] } }))
    expect(brief(found)).toEqual(expected)
    for (const { hint } of found) expect(hint).toContain('sudo apt-get install -y postgresql-client-17')
  })

  it('says where it looked', () => {
    const [found] = tools(ruleInput({ tools: { pgDump: null, pgRestore: null, looked: ['/usr/lib/postgresql', 'PATH'] } }))
    expect(found?.message).toBe('pg_dump and pg_restore of PostgreSQL 17 or later not found. Looked in /usr/lib/postgresql, PATH.')
  })
})

describe('target read-only', () => {
  it.each<[string, Partial<ObservedServer>, string[]]>([
    ['a primary that writes', {}, []],
    ['a standby', { inRecovery: true }, ['problem target-read-only']],
    ['a full disk at a provider', { settings: new Map([['default_transaction_read_only', 'on']]) }, ['problem target-read-only']],
  ])('%s', (_, to, expected) => {
    expect(brief(targetWritable(ruleInput({ target: to })))).toEqual(expected)
  })

  it('lets the source be a standby', () => {
    expect(targetWritable(ruleInput({ source: { inRecovery: true } }))).toEqual([])
  })
})

describe('pooler', () => {
  it.each([
    ['ep-cool-1-pooler.eu.neon.tech', 5432, 'ep-cool-1.eu.neon.tech:5432'],
    ['db.example.com', 6543, 'db.example.com:5432'],
  ])('names the direct address of %s:%i', (host, port, direct) => {
    const found = pooler(ruleInput({ source: { pooler: true, host, port } }))
    expect(brief(found)).toEqual(['problem pooler'])
    expect(found[0]?.hint).toContain(direct)
  })

  it('guesses no address where nothing shows it', () => {
    const [found] = pooler(ruleInput({ target: { pooler: true } }))
    expect(found?.hint).not.toContain('probably')
  })

  it('says nothing of direct connections', () => {
    expect(pooler(ruleInput())).toEqual([])
  })
})

describe('ipv6', () => {
  it.each([
    ['db.example.com', false, []],
    ['db.example.com', true, ['warning ipv6-only']],
    ['::1', true, []],
  ])('%s, only IPv6: %s', (host, ipv6Only, expected) => {
    expect(brief(ipv6(ruleInput({ source: { host, ipv6Only } })))).toEqual(expected)
  })
})

describe('tls', () => {
  it.each<[string, Partial<ObservedServer>, Record<string, string>, string[]]>([
    ['verified', {}, { sslmode: 'verify-full' }, []],
    ['its authority verified', {}, { sslmode: 'verify-ca' }, []],
    ['required, with a root certificate', {}, { sslmode: 'require', sslrootcert: '/ca.pem' }, []],
    ["the system's root certificates", {}, { sslrootcert: 'system' }, []],
    ['required', {}, { sslmode: 'require' }, ['warning tls-unverified']],
    ['by default', {}, {}, ['warning tls-unverified']],
    ['none', { tls: null }, {}, ['warning tls-missing']],
    ['none, on this machine', { tls: null, host: '127.0.0.1' }, {}, []],
    ['none, by a Unix socket', { tls: null, host: '/var/run/postgresql' }, {}, []],
  ])('%s', (_, source, parameters, expected) => {
    const settings = connectionSettings({ parameters: new Map(Object.entries(parameters)) })
    expect(brief(tls(ruleInput({ source, config: { source: settings } })))).toEqual(expected)
  })
})

describe('connections', () => {
  const limited = (connectionLimit: number) => ({ roles: [role({ name: 'app', connectionLimit })] })
  it.each<[string, Partial<ObservedServer>, number | undefined, string[]]>([
    ['enough', {}, 8, []],
    ['just enough', { connections: { maximum: 20, reserved: 3, used: 5 } }, 8, []],
    ['one short', { connections: { maximum: 20, reserved: 3, used: 6 } }, 8, ['problem connections-short']],
    ['enough for one job where nothing was asked for', { connections: { maximum: 20, reserved: 3, used: 12 } }, undefined, []],
    ['not even for one job', { connections: { maximum: 20, reserved: 3, used: 13 } }, undefined, ['problem connections-short']],
    ['reserved ones are for superusers', { connections: { maximum: 20, reserved: 3, used: 8 }, superuser: true }, 8, []],
    ['more in use than there are', { connections: { maximum: 5, reserved: 3, used: 4 } }, 1, ['problem connections-short']],
    ['a limit of the role', limited(6), 8, ['problem connections-short']],
    ["a superuser's limit", { ...limited(6), superuser: true }, 8, []],
    ['a wide limit of the role', limited(50), 8, []],
  ])('%s', (_, source, jobs, expected) => {
    expect(brief(connections(ruleInput({ source, config: { jobs } })))).toEqual(expected)
  })

  it('proposes the jobs that fit', () => {
    const [found] = connections(ruleInput({ target: { connections: { maximum: 20, reserved: 3, used: 10 } }, config: { jobs: 8 } }))
    expect(found?.message).toBe('The target has 7 free connections (10 of 20 in use, 3 reserved); 12 are needed.')
    expect(found?.hint).toContain('Use jobs: 3,')
  })

  it('heeds the limit of a database on either side', () => {
    const databases = [scoped({ in: { source: database({ connectionLimit: 4 }), target: target({}, { connectionLimit: 3 }) } })]
    const found = connections(ruleInput({ databases }))
    expect(found.map(({ message }) => message)).toEqual([
      'The source has 4 free connections (the limit of database shop); 5 are needed.',
      'The target has 3 free connections (the limit of database shop); 5 are needed.',
    ])
  })
})
