import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/config/secret.ts'
import type { ObservedRefusal } from '../../../src/plan/observed-replication.ts'
import { publisherReachable } from '../../../src/plan/rules/publisher-reachable.ts'
import { replicationConnection } from '../../../src/plan/rules/replication-connection.ts'
import { subscriptionPassword } from '../../../src/plan/rules/subscription-password.ts'
import { subscriptionPrivileges } from '../../../src/plan/rules/subscription-privileges.ts'
import { subscriptionTls } from '../../../src/plan/rules/subscription-tls.ts'
import { connectionSettings } from '../support/config.ts'
import { role, target } from '../support/observed.ts'
import { brief, ruleInput, scoped } from '../support/rule-input.ts'

const password = connectionSettings({ password: new Secret('hunter2') })

describe('the replication connection', () => {
  const refusal = (sqlstate: string | null): ObservedRefusal => ({ sqlstate, message: 'no' })
  it.each([
    ['42501', 'problem replication-refused', 'the attribute REPLICATION', 'ALTER ROLE "app" REPLICATION;'],
    ['28000', 'problem replication-refused', 'pg_hba.conf', undefined],
    ['53300', 'problem replication-refused', 'max_wal_senders', undefined],
    ['08P01', 'problem pooler', 'direct connection', undefined],
    ['42601', 'problem pooler', 'direct connection', undefined],
    [null, 'problem replication-refused', 'direct connection', undefined],
  ])('%s: %s', (sqlstate, expected, hint, sql) => {
    const found = replicationConnection(ruleInput({ replication: { source: { refusal: refusal(sqlstate) } } }))
    expect(brief(found)).toEqual([expected])
    expect(found[0]?.hint).toContain(hint)
    expect(found[0]?.sql).toBe(sql)
  })

  it("names the provider's role where it has one", () => {
    const source = { roles: [role({ name: 'rds_replication' })] }
    const [found] = replicationConnection(ruleInput({ source, replication: { source: { refusal: refusal('42501') } } }))
    expect(found?.sql).toBe('GRANT rds_replication TO "app";')
  })

  it('says nothing where it works, and once where a pooler was seen', () => {
    expect(replicationConnection(ruleInput())).toEqual([])
    expect(replicationConnection(ruleInput({ source: { pooler: true }, replication: { source: { refusal: refusal('08P01') } } }))).toEqual(
      [],
    )
  })

  it('a standby publishes nothing', () => {
    expect(brief(replicationConnection(ruleInput({ source: { inRecovery: true } })))).toEqual(['problem replication-refused'])
  })
})

describe('subscriptions', () => {
  it.each([
    ['a superuser', { superuser: true, versionNumber: 120_000 }, false, []],
    ['who may, on 16', { versionNumber: 160_000 }, true, []],
    ['who may not, on 16', { versionNumber: 160_000 }, false, ['problem privilege-missing']],
    ['who may not, on 15', { versionNumber: 150_000 }, false, ['problem privilege-missing']],
    ["a provider's superuser, on 15", { versionNumber: 150_000 }, true, []],
  ])('by %s', (_, on, mayCreateSubscriptions, expected) => {
    const found = subscriptionPrivileges(ruleInput({ target: on, replication: { target: { mayCreateSubscriptions } } }))
    expect(brief(found)).toEqual(expected)
    if (found.length > 0) expect(found[0]?.sql !== undefined).toBe(on.versionNumber >= 160_000)
  })

  it('need CREATE on the database', () => {
    const complete = scoped({ in: { target: target({ canCreateSchemas: false }) }, action: 'complete' })
    expect(subscriptionPrivileges(ruleInput({ databases: [complete] }))).toMatchObject([
      { sql: 'GRANT CREATE ON DATABASE "shop" TO "app";' },
    ])
  })

  it.each([
    ['inline', password, false, undefined, ['warning subscription-password']],
    ['inline', connectionSettings(), false, undefined, ['problem subscription-password']],
    ['inline', connectionSettings(), true, undefined, []],
    ['none', password, false, undefined, ['problem subscription-password']],
    ['passfile', password, false, undefined, ['problem subscription-password']],
    ['passfile', password, true, undefined, []],
    ['none', password, false, null, []],
  ] as const)('%s %s superuser %j, tried %j: %j', (subscriptionCredentials, source, superuser, probe, expected) => {
    const input = ruleInput({ target: { superuser }, config: { source, subscriptionCredentials }, replication: { database: { probe } } })
    expect(brief(subscriptionPassword(input))).toEqual(expected)
  })

  it('are encrypted without verifying where the certificate stands here', () => {
    const file = connectionSettings({
      parameters: new Map([
        ['sslmode', 'verify-full'],
        ['sslrootcert', '/here'],
      ]),
    })
    expect(brief(subscriptionTls(ruleInput({ config: { source: file } })))).toEqual(['warning tls-unverified'])
    expect(subscriptionTls(ruleInput())).toEqual([])
    expect(brief(subscriptionTls(ruleInput({ target: { versionNumber: 150_000 } })))).toEqual(['warning tls-unverified'])
  })
})

describe('the way from the target to the source', () => {
  const probed = (sqlstate: string | null, more: Parameters<typeof ruleInput>[0] = {}) =>
    publisherReachable(
      ruleInput({ ...more, replication: { ...more?.replication, database: { probe: { sqlstate, message: 'could not connect' } } } }),
    )
  const local = connectionSettings({ hosts: [{ host: 'localhost', port: 5432 }], password: new Secret('x') })

  it('is clear, or not known', () => {
    expect(publisherReachable(ruleInput())).toEqual([])
    expect(publisherReachable(ruleInput({ replication: { database: { probe: undefined } } }))).toEqual([])
  })

  it.each([
    ['08006', {}, ['problem publisher-unreachable'], 'give source-from-target'],
    ['57014', {}, ['problem publisher-unreachable'], 'firewall'],
    ['08006', { config: { source: local } }, ['problem publisher-unreachable'], 'this machine'],
    ['08006', { config: { sourceFromTarget: { host: 'a', port: 1 } } }, ['problem publisher-unreachable'], 'Check source-from-target'],
    ['2F003', { config: { source: password } }, ['problem subscription-password'], 'pg_hba.conf'],
    ['2F003', {}, [], ''],
    ['42501', {}, ['problem privilege-missing'], 'Grant'],
    ['42501', { replication: { target: { mayCreateSubscriptions: false } } }, [], ''],
    ['08006', { source: { pooler: true } }, [], ''],
    ['08006', { replication: { source: { refusal: { sqlstate: '42501', message: '' } } } }, [], ''],
  ] as const)('%s %j: %j', (sqlstate, more, expected, hint) => {
    const found = probed(sqlstate, more)
    expect(brief(found)).toEqual(expected)
    if (hint !== '') expect(found[0]).toMatchObject({ database: 'shop', hint: expect.stringContaining(hint) })
  })
})
