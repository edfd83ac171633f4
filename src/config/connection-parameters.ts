import { InvalidValue } from './invalid-value.ts'
import { nearest, suggestion } from './nearest.ts'

/**
 * libpq's parameters, and which values make sense. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 * Those which the URL's other parts are spelled by (host, port, user, password, dbname) are taken out before.
 */
export function checkParameter(name: string, value: string): void {
  const reason = refused.get(name)
  if (reason !== undefined) throw new InvalidValue(`the parameter ${name} ${reason}`, { code: 'url-invalid' })
  const allowed = known.get(name)
  if (allowed === undefined)
    throw new InvalidValue(`the parameter ${printable(name)} is unknown`, { hint: hintFor(name), code: 'url-invalid' })
  if (allowed === 'number' && !/^-?\d+$/.test(value))
    throw new InvalidValue(`the parameter ${name} is not a whole number`, { code: 'url-invalid' })
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    throw new InvalidValue(`the parameter ${name} has no such value`, { hint: suggestion(value, allowed), code: 'url-invalid' })
  }
}

type Allowed = 'any' | 'number' | readonly string[]

const switches = ['0', '1']
const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

const known: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ...['hostaddr', 'passfile', 'client_encoding', 'options', 'application_name', 'fallback_application_name'].map(
    (name) => [name, 'any'] as const,
  ),
  ...['sslcert', 'sslkey', 'sslpassword', 'sslrootcert', 'sslcrl', 'krbsrvname', 'gsslib'].map((name) => [name, 'any'] as const),
  ...['connect_timeout', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'].map(
    (name) => [name, 'number'] as const,
  ),
  ...['keepalives', 'sslcompression', 'sslsni', 'gssdelegation'].map((name) => [name, switches] as const),
  ['channel_binding', ['disable', 'prefer', 'require']],
  ['sslmode', ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']],
  ['sslnegotiation', ['postgres', 'direct']],
  ['sslcertmode', ['disable', 'allow', 'require']],
  // The driver has no GSS encryption, so that it can't be required.
  ['gssencmode', ['disable', 'prefer']],
  ['ssl_min_protocol_version', tlsVersions],
  ['ssl_max_protocol_version', tlsVersions],
  ['target_session_attrs', ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby']],
  ['load_balance_hosts', ['disable', 'random']],
])

const refused: ReadonlyMap<string, string> = new Map([
  ['replication', 'is set by this tool where it is needed'],
  ['service', "isn't honoured: give the connection itself"],
  ['servicefile', "isn't honoured: give the connection itself"],
  // What demands more safety than there will be must not pass in silence.
  ['require_auth', "isn't honoured: give channel_binding=require or sslmode=verify-full"],
  ['requirepeer', "isn't honoured: leave it out"],
  ['sslcrldir', "isn't honoured: give sslcrl, a file"],
])

/** What drivers and frameworks other than libpq call things. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['pgbouncer', 'It belongs to Prisma: leave it out, and give the direct host, not the pooler.'],
  ['schema', 'It belongs to Prisma: leave it out, and select with include-tables.'],
  ['uselibpqcompat', 'It belongs to node-postgres: leave it out, sslmode means what it means to libpq.'],
  ['connection_limit', 'It belongs to Prisma: leave it out, and use jobs.'],
  ['ssl_mode', 'Did you mean sslmode?'],
])

function hintFor(name: string): string {
  const near = nearest(name, [...known.keys(), 'host', 'port', 'user', 'password', 'dbname'])
  return (
    elsewhere.get(name) ??
    (near === undefined
      ? "The names are libpq's, such as sslmode, sslrootcert, connect_timeout or application_name."
      : `Did you mean ${near}?`)
  )
}

/** A name that holds anything odd may be a piece of a password that wasn't percent-encoded. */
function printable(name: string): string {
  return /^[a-z][a-z_]{1,39}$/i.test(name) ? name : '(unreadable name)'
}
