import { z } from 'zod'
import type { ConnectionSettings } from '../config/config.ts'
import { type Code, ReplicatorError, type ServerError } from '../errors.ts'
import { sqlstate } from './sqlstate.ts'

interface Context {
  readonly database?: string
  readonly settings?: ConnectionSettings
}

/** Any failure of driver, network or server as an error of ours: the server's message with its SQLSTATE, detail and hint kept. */
export function toReplicatorError(error: unknown, context: Context = {}): ReplicatorError {
  if (error instanceof ReplicatorError) return error
  const code = errorCode(error)
  const where = context.settings === undefined ? 'the server' : context.settings.hosts.map((one) => `${one.host}:${one.port}`).join(', ')
  const message = error instanceof Error ? error.message : String(error)
  const server = serverError(error)
  const database = context.database === undefined ? {} : { database: context.database }
  if (server !== undefined) {
    const known = serverCodes[server.sqlstate]
    return new ReplicatorError(known?.code ?? 'statement-failed', message, {
      ...database,
      server,
      cause: error,
      hint:
        [holdsRows(server) ? undefined : server.detail, server.hint, known?.hint].filter((one) => one !== undefined).join(' ') ||
        `SQLSTATE ${server.sqlstate}`,
    })
  }
  const known = networkCodes[code] ?? (isTlsError(code, message) ? tls : undefined)
  if (known !== undefined) {
    return new ReplicatorError(known.code, `${where}: ${known.message}${known.code === 'tls-failed' ? ` (${message})` : ''}`, {
      ...database,
      hint: known.hint,
      cause: error,
    })
  }
  if (/timeout expired|timed out/i.test(message))
    return new ReplicatorError('connection-timeout', `${where}: no answer in time`, { ...database, hint: networkHint, cause: error })
  if (/Connection terminated|not queryable|ended|closed/i.test(message)) {
    return new ReplicatorError('connection-lost', `${where}: the connection was lost`, {
      ...database,
      hint: 'Start the command again: it goes on where it was.',
      cause: error,
    })
  }
  return new ReplicatorError('internal', message, { ...database, cause: error })
}

/** The detail of these classes (data exceptions, violated constraints) quotes values of rows, which must not reach a log. */
function holdsRows({ sqlstate: state }: ServerError): boolean {
  return state.startsWith('22') || state.startsWith('23')
}

/** The server has no TLS, or the handshake failed in a way that `sslmode=prefer` may fall back from. */
export function isTlsRefused(error: unknown): boolean {
  return error instanceof Error && /does not support SSL/i.test(error.message)
}

/** PostgreSQL's own fields, where the error is the server's. */
export function serverError(error: unknown): ServerError | undefined {
  if (error instanceof ReplicatorError) return error.server
  const fields = z
    .object({
      code: z.string().regex(/^[0-9A-Z]{5}$/),
      severity: z.string(),
      detail: z.string().optional(),
      hint: z.string().optional(),
      where: z.string().optional(),
    })
    .safeParse(error)
  if (!fields.success) return undefined
  const { code, detail, hint, where } = fields.data
  return {
    sqlstate: code,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where }),
  }
}

const networkHint = 'Check host and port, the firewall and the allow list of the server.'

interface Known {
  readonly code: Code
  readonly message: string
  readonly hint: string
}

const networkCodes: Readonly<Record<string, Known>> = {
  ENOTFOUND: {
    code: 'host-not-found',
    message: 'the host name is unknown',
    hint: 'Check the spelling; a private name resolves only inside its network. Hosted runners have no IPv6: a name with AAAA records alone looks unknown there.',
  },
  EAI_AGAIN: { code: 'host-not-found', message: 'the name server did not answer', hint: 'Check the name resolution of this machine.' },
  ECONNREFUSED: { code: 'connection-refused', message: 'nothing listens there', hint: networkHint },
  ENOENT: {
    code: 'connection-refused',
    message: 'there is no socket of that name',
    hint: 'Check the folder and the port: the socket is <folder>/.s.PGSQL.<port>.',
  },
  EHOSTUNREACH: { code: 'connection-timeout', message: 'the host can not be reached', hint: networkHint },
  ENETUNREACH: {
    code: 'ipv6-only',
    message: 'its network can not be reached',
    hint: 'Often an IPv6 address on a machine without IPv6: use the provider’s IPv4 address or proxy.',
  },
  ETIMEDOUT: { code: 'connection-timeout', message: 'no answer in time', hint: networkHint },
  ECONNRESET: { code: 'connection-lost', message: 'the connection was reset', hint: 'Start the command again: it goes on where it was.' },
  EPIPE: { code: 'connection-lost', message: 'the connection was closed', hint: 'Start the command again: it goes on where it was.' },
}

const tls: Known = {
  code: 'tls-failed',
  message: 'the TLS handshake failed',
  hint: 'Check sslmode and sslrootcert; `sslmode=require` encrypts without verifying.',
}

const serverCodes: Readonly<Record<string, { readonly code: Code; readonly hint?: string }>> = {
  [sqlstate.protocolViolation]: {
    code: 'pooler',
    hint: 'It is a pooler that answers so, of PgBouncer’s kind: use the URL of a direct connection to PostgreSQL.',
  },
  [sqlstate.invalidPassword]: {
    code: 'authentication-failed',
    hint: 'Check user and password; in a URL, characters such as @ : / % must be percent-encoded.',
  },
  [sqlstate.invalidAuthorization]: {
    code: 'authentication-failed',
    hint: 'The server’s pg_hba.conf must let this user in from this address, with or without TLS.',
  },
  [sqlstate.invalidCatalogName]: { code: 'database-not-found', hint: 'Name an existing database in the URL.' },
  [sqlstate.tooManyConnections]: { code: 'connections-exhausted', hint: 'Free connections, or lower jobs.' },
  [sqlstate.insufficientPrivilege]: { code: 'privilege-missing' },
  [sqlstate.lockNotAvailable]: {
    code: 'statement-failed',
    hint: 'Another session holds a lock on a table: pg_locks and pg_stat_activity show which. Start the command again once it has ended.',
  },
  [sqlstate.adminShutdown]: {
    code: 'connection-lost',
    hint: 'The server ended the session. Start the command again: it goes on where it was.',
  },
  [sqlstate.crashShutdown]: { code: 'connection-lost', hint: 'The server went down. Start the command again: it goes on where it was.' },
  [sqlstate.cannotConnectNow]: { code: 'connection-refused', hint: 'The server is starting or shutting down. Try again in a moment.' },
}

function errorCode(error: unknown): string {
  // Node bundles the failures of several addresses; the first tells as much as all.
  if (error instanceof AggregateError) return errorCode(error.errors[0])
  return z.object({ code: z.string() }).safeParse(error).data?.code ?? ''
}

function isTlsError(code: string, message: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code) || /SSL|TLS|certificate/i.test(message)
}
