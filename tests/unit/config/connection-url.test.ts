import fc from 'fast-check'
import { parse as driverParse } from 'pg-connection-string'
import { describe, expect, test } from 'vitest'
import { parseConnectionUrl } from '../../../src/config/connection-url.ts'
import { InvalidValue } from '../../../src/config/invalid-value.ts'

const parse = (url: string) => parseConnectionUrl(url, { user: 'account' })

describe('reads what libpq reads', () => {
  test.each([
    ['postgresql://u:p@h:5433/d', ['h:5433'], 'u', 'p', 'd'],
    ['postgres://u@h', ['h:5432'], 'u', undefined, 'u'],
    ['POSTGRESQL://h', ['h:5432'], 'account', undefined, 'account'],
    ['postgresql:///d', ['localhost:5432'], 'account', undefined, 'd'],
    ['postgresql://u:p@a,b:6000,c/d', ['a:5432', 'b:6000', 'c:5432'], 'u', 'p', 'd'],
    ['postgresql://u:p@[::1]:6000,[2001:db8::2]/d', ['::1:6000', '2001:db8::2:5432'], 'u', 'p', 'd'],
    ['postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/d', ['/var/run/postgresql:5432'], 'u', 'p', 'd'],
    ['postgresql:///d?host=/tmp&port=6000', ['/tmp:6000'], 'account', undefined, 'd'],
    ['postgresql://ignored/d?host=a,b&port=1,2', ['a:1', 'b:2'], 'account', undefined, 'd'],
    ['postgresql://x/y?user=u&password=p%20q&dbname=d', ['x:5432'], 'u', 'p q', 'd'],
    ['postgresql://u:p@h/d%2Fb', ['h:5432'], 'u', 'p', 'd/b'],
    ['postgresql://me@server:p@h/d', ['h:5432'], 'me@server', 'p', 'd'],
    ['postgresql://u:p?ss:w@rd@h/d', ['h:5432'], 'u', 'p?ss:w@rd', 'd'],
    ['postgresql://u:p@h/d?application_name=a@b', ['h:5432'], 'u', 'p', 'd'],
    [' postgresql://u:p@h/d\n', ['h:5432'], 'u', 'p', 'd'],
  ])('%s', (url, hosts, user, password, database) => {
    const settings = parse(url)
    expect({
      ...settings,
      hosts: settings.hosts.map(({ host, port }) => `${host}:${port}`),
      password: settings.password?.reveal(),
    }).toMatchObject({
      hosts,
      user,
      password,
      database,
    })
  })

  test('all parameters, by name', () => {
    const { parameters } = parse(
      'postgresql://h/d?sslmode=verify-full&sslrootcert=%2Fca.pem&connect_timeout=5&options=-c%20search_path%3Da&ssl=true',
    )
    expect(Object.fromEntries(parameters)).toEqual({
      sslmode: 'verify-full',
      sslrootcert: '/ca.pem',
      connect_timeout: '5',
      options: '-c search_path=a',
    })
  })
})

describe('refuses, saying what to do and nothing of what it read', () => {
  test.each([
    ['', /empty/, /fork/],
    ['host=h dbname=d password=hunter2', /key=value/, /postgresql:\/\//],
    ['mysql://u:hunter2@h/d', /scheme/, /postgresql:\/\//],
    ['hunter2', /isn't a URL/, /postgresql:\/\//],
    ['postgresql://u:hunter2@h:port/d', /port/, /percent-encode/],
    ['postgresql://u:hunter2@h:70000/d', /port/, /percent-encode/],
    ['postgresql://u:hunt/er2@h/d', /port|percent-encoded/, /percent-encode|%2F/],
    ['postgresql://hunt/er2@h/d', /percent-encoded/, /%2F/],
    ['postgresql://u:hunter2%zz@h/d', /percent sign/, /%25/],
    ['postgresql://u:%ff@h/d', /UTF-8/, undefined],
    ['postgresql://u:hunter2%00@h/d', /NUL/, undefined],
    ['postgresql://u:p@h/d?hunter2', /name=value/, /%3F/],
    ['postgresql://u:p@h/d?sslmod=require', /sslmod is unknown/, /sslmode/],
    ['postgresql://u:p@h/d?sslmode=verify', /sslmode has no such value/, /verify-ca/],
    ['postgresql://u:p@h/d?connect_timeout=soon', /connect_timeout/, undefined],
    ['postgresql://u:p@h/d?pgbouncer=true', /pgbouncer/, /Prisma/],
    ['postgresql://u:p@h/d?hunter2%40=1', /unreadable name/, undefined],
    ['postgresql://u:p@a,b,c/d?port=1,2', /3 hosts and 2 ports/, /one for each/],
    ['postgresql://u:p@::1/d', /host/, /brackets/],
    ['postgresql://u:p@h/d?replication=database', /replication/, undefined],
    ['postgresql://u:p@h/d?require_auth=scram-sha-256', /require_auth isn't honoured/, undefined],
    ['postgresql://u:p@h/d?gssencmode=require', /gssencmode has no such value/, undefined],
  ])('%s', (url, message, hint) => {
    const error = refusal(url)
    expect(error.message).toMatch(message)
    if (hint !== undefined) expect(error.hint).toMatch(hint)
    expect(`${error.message} ${error.hint}`).not.toMatch(/hunt|er2/)
    expect(error.code).toBe('url-invalid')
  })

  test('URLs without a user, where the account has no name', () => {
    expect(() => parseConnectionUrl('postgresql://h/d', { user: '' })).toThrow('names no user')
  })
})

describe('properties', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((one) => !one.includes('\0'))

  test('any user, password and database come back', () => {
    fc.assert(
      fc.property(text, text, text, (user, password, database) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent)
        const settings = parse(`postgresql://${u}:${p}@h:1/${d}`)
        expect([settings.user, settings.password?.reveal(), settings.database]).toEqual([user, password, database])
      }),
    )
  })

  test("agrees with the driver's own parser about what that can read", () => {
    const plain = fc.stringMatching(/^[a-zA-Z0-9:!*_.~-]{1,12}$/)
    fc.assert(
      fc.property(plain, plain, plain, fc.integer({ min: 1, max: 65_535 }), (user, password, database, port) => {
        const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h.example:${port}/${encodeURIComponent(database)}?application_name=a`
        const driver = driverParse(url)
        const ours = parse(url)
        expect([ours.hosts[0].host, String(ours.hosts[0].port), ours.user, ours.password?.reveal()]).toEqual([
          driver.host,
          driver.port,
          driver.user,
          driver.password,
        ])
      }),
    )
  })

  test('whatever it is given, it throws only InvalidValue', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (rest) => {
        try {
          parse(`postgresql://${rest}`)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidValue)
        }
      }),
    )
  })
})

function refusal(url: string): InvalidValue {
  try {
    parse(url)
  } catch (error) {
    if (error instanceof InvalidValue) return error
    throw error
  }
  throw new Error('It was accepted.')
}
