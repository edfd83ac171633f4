import type { ConnectionSettings, HostAddress, SubscriptionCredentials } from '../config/config.ts'
import { keywordValues } from './conninfo.ts'

export interface SubscriptionConnection {
  readonly source: ConnectionSettings
  readonly database: string
  /** The source as the target server must dial it; undefined: as we do. */
  readonly sourceFromTarget: HostAddress | undefined
  readonly credentials: SubscriptionCredentials
  /** `server_version_num` of the target, whose libpq is as old. */
  readonly targetVersion: number
}

/** Files that stand on our machine, not on the target server's. */
const ourFiles = new Set(['sslrootcert', 'sslcert', 'sslkey', 'sslcrl', 'sslcrldir', 'sslpassword'])

/** What would contradict the walreceiver's own, or is of our session alone. */
const ourOwn = new Set(['application_name', 'fallback_application_name', 'replication', 'target_session_attrs', 'load_balance_hosts'])

/** Parameters by the major whose libpq was the first to know them: an older one refuses the whole string. */
const since: Readonly<Record<string, number>> = {
  channel_binding: 13,
  ssl_min_protocol_version: 13,
  ssl_max_protocol_version: 13,
  sslsni: 14,
  require_auth: 16,
  sslcertmode: 16,
  gssdelegation: 16,
  sslnegotiation: 17,
  min_protocol_version: 18,
  max_protocol_version: 18,
}

/**
 * What the subscription's worker connects with: kept in pg_subscription, where superusers of the target can read it. Certificates can't be
 * sent along, so that a mode that verifies them becomes `require`; see rules/subscription-tls.ts.
 */
export function subscriptionConninfo({ source, database, sourceFromTarget, credentials, targetVersion }: SubscriptionConnection): string {
  const hosts = sourceFromTarget === undefined ? source.hosts : [sourceFromTarget]
  const kept = [...source.parameters].filter(
    ([name, value]) =>
      !ourOwn.has(name) &&
      targetVersion >= (since[name] ?? 0) * 10_000 &&
      (!ourFiles.has(name) || (value === 'system' && targetVersion >= systemSince)) &&
      (name !== 'passfile' || credentials === 'passfile'),
  )
  const parameters = new Map(kept)
  if (loosensTls(source, targetVersion)) parameters.set('sslmode', 'require')
  return keywordValues({
    connect_timeout: '15',
    keepalives_idle: '30',
    keepalives_interval: '10',
    keepalives_count: '6',
    ...Object.fromEntries(parameters),
    host: hosts.map((one) => one.host).join(','),
    port: hosts.map((one) => one.port).join(','),
    user: source.user,
    dbname: database,
    ...(credentials === 'inline' && source.password !== undefined ? { password: source.password.reveal() } : {}),
  })
}

/** `sslrootcert=system`, which stands for `verify-full`. */
const systemSince = 160_000

/** The source's URL has its certificate verified by what the target server hasn't got. */
export function loosensTls({ parameters }: ConnectionSettings, targetVersion: number): boolean {
  const mode = parameters.get('sslmode')
  if (parameters.get('sslrootcert') === 'system') return targetVersion < systemSince
  return mode === 'verify-ca' || mode === 'verify-full'
}
