import type { ConnectionSettings, HostAddress } from './config.ts'
import { checkParameter } from './connection-parameters.ts'
import { InvalidValue } from './invalid-value.ts'
import { Secret } from './secret.ts'

interface Defaults {
  /** Where the URL names no user: libpq takes the account's name. */
  readonly user: string
}

/**
 * A connection URL as libpq reads it: several hosts, sockets, every part percent-decoded. Messages never quote a part of it.
 * The driver's own parser isn't up to it: it knows one host, reads certificate files while parsing, leaves `%2F` in database names,
 * and changes passwords that hold both a space and `%2A`. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseConnectionUrl(url: string, defaults: Defaults): ConnectionSettings {
  const { credentials, authority, path, query } = split(url.trim())
  const parameters = parseQuery(query)
  const taken = (name: string): string | undefined => {
    const value = parameters.get(name)
    parameters.delete(name)
    return value === '' ? undefined : value
  }
  const user = taken('user') ?? (decode(credentials.user, 'user name') || defaults.user)
  if (user === '') throw invalid('it names no user', 'Write it like postgresql://user:password@host:5432/database.')
  const password = taken('password') ?? decode(credentials.password, 'password')
  const database = taken('dbname') ?? (decode(path, 'database name') || user)
  const hosts = pairHosts(parseHosts(authority), taken('host'), taken('port'), parameters.get('hostaddr'))
  if (parameters.get('ssl') === 'true' && !parameters.has('sslmode')) parameters.set('sslmode', 'require')
  if (parameters.get('ssl') === 'true') parameters.delete('ssl')
  for (const [name, value] of parameters) checkParameter(name, value)
  return { hosts, user, password: password === '' ? undefined : new Secret(password), database, parameters }
}

interface Pieces {
  readonly credentials: { readonly user: string; readonly password: string }
  readonly authority: string
  readonly path: string
  readonly query: string
}

function split(url: string): Pieces {
  const rest = /^postgres(?:ql)?:\/\/([^]*)$/i.exec(url)?.[1]
  if (rest === undefined) throw notAUrl(url)
  const at = endOfCredentials(rest)
  const userinfo = at < 0 ? '' : rest.slice(0, at)
  const colon = userinfo.indexOf(':')
  const credentials = colon < 0 ? { user: userinfo, password: '' } : { user: userinfo.slice(0, colon), password: userinfo.slice(colon + 1) }
  const [, authority = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?([^]*))?$/.exec(rest.slice(at + 1)) ?? []
  // A bare `/` in the password ends the hosts too early; what follows then holds the `@`.
  if (at < 0 && path.includes('@'))
    throw invalid(
      'the user name or password holds a character that must be percent-encoded',
      'Write / as %2F, @ as %40, : as %3A, ? as %3F, # as %23 and % as %25.',
    )
  return { credentials, authority, path, query }
}

/** The last `@` before path and query: user names such as `me@server` (Azure) and passwords often hold one as it is. */
function endOfCredentials(rest: string): number {
  const slash = rest.indexOf('/')
  const beforePath = slash < 0 ? rest : rest.slice(0, slash)
  const first = beforePath.indexOf('@')
  const question = beforePath.indexOf('?', Math.max(first, 0))
  return (question < 0 ? beforePath : beforePath.slice(0, question)).lastIndexOf('@')
}

function notAUrl(url: string): InvalidValue {
  if (url === '') return invalid('it is empty', 'Is the secret set? Secrets are empty in workflows that a fork started.')
  const example = 'Write it like postgresql://user:password@host:5432/database, with special characters percent-encoded.'
  if (/^\s*\w+\s*=/.test(url)) return invalid('it is of the form key=value, not a URL', example)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]
  if (scheme !== undefined) return invalid("its scheme isn't postgresql://", example)
  return invalid("it isn't a URL", example)
}

function parseHosts(authority: string): Partial<HostAddress>[] {
  return authority.split(',').map((one) => {
    const match = /^(?:\[([^\]]+)\]|([^[\]:]*))(?::([^:]*))?$/.exec(one)
    if (match === null)
      throw invalid(
        "a host isn't readable",
        'Write IPv6 addresses in brackets, and percent-encode special characters of the user name and the password.',
      )
    const [, bracketed, plain = '', port] = match
    const host = decode(bracketed ?? plain, 'host')
    return { ...(host === '' ? {} : { host }), ...(port === undefined || port === '' ? {} : { port: parsePort(port) }) }
  })
}

/** libpq's rules: `host` and `port` of the query replace those of the authority; one port serves all hosts. */
function pairHosts(
  given: readonly Partial<HostAddress>[],
  hostList: string | undefined,
  portList: string | undefined,
  addresses: string | undefined,
): ConnectionSettings['hosts'] {
  const hosts = (hostList ?? addresses)?.split(',') ?? []
  const names =
    hosts.length > 0 && (hostList !== undefined || given.every(({ host }) => host === undefined))
      ? hosts.map((one) => one || undefined)
      : given.map(({ host }) => host)
  const ports = portList?.split(',').map((one) => (one === '' ? undefined : parsePort(one))) ?? given.map(({ port }) => port)
  if (ports.length !== 1 && ports.length !== names.length)
    throw invalid(`there are ${names.length} hosts and ${ports.length} ports`, 'Give one port for all of them, or one for each.')
  const [first, ...more] = names.map((host = 'localhost', index) => ({ host, port: ports[ports.length === 1 ? 0 : index] ?? 5432 }))
  return [first ?? { host: 'localhost', port: 5432 }, ...more]
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535)
    throw invalid(
      "a port isn't a number from 1 to 65535",
      'If a piece of the password stands there: percent-encode its special characters.',
    )
  return port
}

function parseQuery(query: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    if (equals < 1 || pair.indexOf('=', equals + 1) >= 0)
      throw invalid(
        'a parameter after the question mark is not name=value',
        'Percent-encode = as %3D and & as %26 in values, and ? as %3F in a password.',
      )
    parameters.set(decode(pair.slice(0, equals), 'parameter'), decode(pair.slice(equals + 1), 'parameter'))
  }
  return parameters
}

/** As libpq does, `+` stays a plus. */
function decode(text: string, what: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) throw invalid(`the ${what} holds a percent sign that encodes nothing`, 'Write a percent sign as %25.')
  if (/%00/.test(text)) throw invalid(`the ${what} holds a NUL character`)
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(`the ${what} isn't percent-encoded UTF-8`)
  }
}

function invalid(message: string, hint?: string): InvalidValue {
  return new InvalidValue(message, { code: 'url-invalid', ...(hint === undefined ? {} : { hint }) })
}
