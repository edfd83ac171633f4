import { describe, expect, test } from 'vitest'
import type { SubscriptionCredentials } from '../../../src/config/config.ts'
import { parseConnectionUrl } from '../../../src/config/connection-url.ts'
import { loosensTls, subscriptionConninfo } from '../../../src/sql/subscription-conninfo.ts'

function made(url: string, credentials: SubscriptionCredentials = 'inline', targetVersion = 180_000): string {
  const source = parseConnectionUrl(url, { user: 'me' })
  return subscriptionConninfo({ source, database: "my 'db'", sourceFromTarget: undefined, credentials, targetVersion })
}

describe('what the subscription connects with', () => {
  test('names the database, and quotes', () => {
    expect(made('postgresql://us%20er:p%27w%5Cd@h:5433/other')).toMatch(
      /host='h' port='5433' user='us er' dbname='my \\'db\\'' password='p\\'w\\\\d'$/,
    )
  })

  test('has the password only inline, and a file only where one was arranged', () => {
    const url = 'postgresql://u:hunter2@h/d?passfile=/etc/pass'
    expect(made(url)).toContain("password='hunter2'")
    expect(made(url)).not.toContain('passfile')
    expect(made(url, 'passfile')).toContain("passfile='/etc/pass'")
    for (const credentials of ['passfile', 'none'] as const) expect(made(url, credentials)).not.toContain('hunter2')
  })

  test('leaves out files of this machine, and says require instead of verifying', () => {
    const conninfo = made('postgresql://h/d?sslmode=verify-full&sslrootcert=/here/root.crt&sslcert=/here/me.crt&application_name=mine')
    expect(conninfo).toContain("sslmode='require'")
    expect(conninfo).not.toMatch(/sslrootcert|sslcert|application_name/)
  })

  test('leaves out what an older libpq would refuse', () => {
    const url = 'postgresql://h/d?channel_binding=require&sslnegotiation=direct&sslmode=require'
    expect(made(url)).toMatch(/channel_binding='require'.*sslnegotiation='direct'/)
    expect(made(url, 'inline', 160_000)).not.toContain('sslnegotiation')
    expect(made(url, 'inline', 120_000)).not.toMatch(/channel_binding|sslnegotiation/)
  })

  test.each([
    ['sslmode=verify-full', 180_000, true],
    ['sslmode=verify-ca&sslrootcert=/a/file', 180_000, true],
    ['sslmode=require', 180_000, false],
    ['sslrootcert=system', 160_000, false],
    ['sslrootcert=system', 150_000, true],
  ])('%s, to %i: loosened %j', (parameters, targetVersion, expected) => {
    const url = `postgresql://h/d?${parameters}`
    expect(loosensTls(parseConnectionUrl(url, { user: 'me' }), targetVersion)).toBe(expected)
    if (expected) expect(made(url, 'inline', targetVersion)).toContain("sslmode='require'")
    expect(made(url, 'inline', targetVersion).includes('system')).toBe(!expected && parameters.includes('system'))
  })

  test('dials the address that was given for the target', () => {
    const source = parseConnectionUrl('postgresql://u@a:1,b:2/d', { user: 'me' })
    const shared = { source, database: 'd', credentials: 'none', targetVersion: 150_000 } as const
    expect(subscriptionConninfo({ ...shared, sourceFromTarget: undefined })).toContain("host='a,b' port='1,2'")
    expect(subscriptionConninfo({ ...shared, sourceFromTarget: { host: 'c', port: 3 } })).toContain("host='c' port='3'")
  })
})
