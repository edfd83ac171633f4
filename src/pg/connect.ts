import type { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions, SecureVersion } from 'node:tls'
import { rootCertificates } from 'node:tls'
import pg from 'pg'
import type { ConnectionSettings, HostAddress } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { isTlsRefused, toReplicatorError } from './database-error.ts'
import { hasAttribute, wantedAttributes } from './session-attributes.ts'

interface ClientOptions {
  readonly database: string
  readonly applicationName: string
  readonly types: pg.CustomTypesConfig
  /** A connection for replication commands, of that database. */
  readonly replication?: 'database'
}

/** Seconds; libpq waits for ever by default, we must not. */
const defaultConnectTimeout = 15

/**
 * Connects as libpq would: hosts in order, `sslmode` with its fallbacks, the first that is what `target_session_attrs` asks for.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
export async function connectClient(settings: ConnectionSettings, options: ClientOptions): Promise<pg.Client> {
  let last: unknown
  for (const wanted of wantedAttributes(settings.parameters)) {
    for (const address of settings.hosts) {
      try {
        const client = await connectTo(settings, address, options)
        if (await hasAttribute(client, wanted).catch(() => false)) return client
        await client.end()
        last = new ReplicatorError('connection-refused', `${address.host}:${address.port}: not ${wanted}, as target_session_attrs asks`, {
          hint: 'Name the host that is, or leave target_session_attrs out.',
        })
      } catch (error) {
        last = error
      }
    }
  }
  throw toReplicatorError(last, { database: options.database, settings })
}

async function connectTo(settings: ConnectionSettings, address: HostAddress, options: ClientOptions): Promise<pg.Client> {
  let last: unknown
  for (const ssl of await tlsAttempts(settings, address)) {
    try {
      return await connectOnce(settings, address, ssl, options)
    } catch (error) {
      last = error
      if (ssl !== false && !isTlsRefused(error)) break
    }
  }
  throw last
}

async function connectOnce(
  settings: ConnectionSettings,
  address: HostAddress,
  ssl: false | ConnectionOptions,
  options: ClientOptions,
): Promise<pg.Client> {
  const { parameters } = settings
  const seconds = Number(parameters.get('connect_timeout') ?? defaultConnectTimeout)
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: settings.user,
    database: options.database,
    password: settings.password?.reveal(),
    application_name: options.applicationName,
    options: parameters.get('options'),
    client_encoding: 'UTF8',
    ssl,
    enableChannelBinding: ssl !== false && parameters.get('channel_binding') !== 'disable',
    sslnegotiation: parameters.get('sslnegotiation'),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: (seconds > 0 ? Math.max(seconds, 2) : defaultConnectTimeout) * 1000,
    types: options.types,
    ...(options.replication === undefined ? {} : { replication: options.replication }),
  } as pg.ClientConfig)
  // Without a listener, an error between two statements would end the process.
  client.on('error', () => undefined)
  if (parameters.get('channel_binding') === 'require') requireChannelBinding(client)
  try {
    await client.connect()
    return client
  } catch (error) {
    client.end().catch(() => undefined)
    throw error
  }
}

/** What to try in turn: TLS options, or false for none. */
async function tlsAttempts(settings: ConnectionSettings, address: HostAddress): Promise<(false | ConnectionOptions)[]> {
  const { parameters } = settings
  // As libpq, which takes nothing weaker with the system's certificates: anyone can have one of them.
  const mode = parameters.get('sslrootcert') === 'system' ? 'verify-full' : (parameters.get('sslmode') ?? 'prefer')
  if (mode === 'disable' || address.host.startsWith('/')) return [false]
  const files = await readTlsFiles(parameters)
  // As in libpq: `require` with a root certificate verifies the chain.
  const chain = mode === 'verify-ca' || mode === 'verify-full' || (mode === 'require' && files.ca !== undefined)
  const options: ConnectionOptions = {
    ...files,
    ...(chain && files.ca === undefined ? { ca: [...rootCertificates] } : {}),
    rejectUnauthorized: chain,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...protocolVersions(parameters),
  }
  if (mode === 'allow') return [false, options]
  if (mode === 'prefer') return [options, false]
  return [options]
}

/** libpq and Node spell them alike. */
function protocolVersions(parameters: ReadonlyMap<string, string>): ConnectionOptions {
  const [minVersion, maxVersion] = ['ssl_min_protocol_version', 'ssl_max_protocol_version'].map(
    (name) => parameters.get(name) as SecureVersion | undefined,
  )
  return { ...(minVersion === undefined ? {} : { minVersion }), ...(maxVersion === undefined ? {} : { maxVersion }) }
}

interface Authentication extends EventEmitter {
  readonly stream: Duplex
}

/** The driver uses it where it's offered; required, nothing else may do, and no password may go out without it. */
function requireChannelBinding(client: pg.Client): void {
  const { connection } = client as unknown as { connection: Authentication }
  let bound = false
  const refuse = () =>
    connection.stream.destroy(
      new ReplicatorError('tls-failed', 'channel binding is required, and the server does not offer it', {
        hint: 'It takes TLS and SCRAM-SHA-256 on the server, without a proxy in between; or leave channel_binding out.',
      }),
    )
  connection.prependListener('authenticationCleartextPassword', refuse)
  connection.prependListener('authenticationMD5Password', refuse)
  connection.prependListener('authenticationSASL', ({ mechanisms }: { mechanisms: readonly string[] }) => {
    bound = mechanisms.includes('SCRAM-SHA-256-PLUS')
    if (!bound) refuse()
  })
  connection.prependListener('authenticationOk', () => {
    if (!bound) refuse()
  })
}

async function readTlsFiles(parameters: ReadonlyMap<string, string>): Promise<ConnectionOptions> {
  const read = async (name: string) => {
    const path = parameters.get(name)
    if (path === undefined || path === '' || path === 'system') return undefined
    try {
      return await readFile(path, 'utf8')
    } catch (cause) {
      throw new ReplicatorError('tls-failed', `the file that ${name} names can not be read: ${path}`, {
        cause,
        hint: `Write the certificate to that path before the run, or mend ${name}.`,
      })
    }
  }
  const ca = await read('sslrootcert')
  const cert = await read('sslcert')
  const key = await read('sslkey')
  const crl = await read('sslcrl')
  const passphrase = parameters.get('sslpassword')
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(crl === undefined ? {} : { crl }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}
