import type { ConnectionSettings, HostAddress, SubscriptionCredentials } from '../config/config.ts'
import { keywordValues } from './conninfo.ts'

export interface SubscriptionConnection {
  readonly source: ConnectionSettings
  readonly database: string
  /** The source as the target server must dial it; undefined: as we do. */
  readonly sourceFromTarget: HostAddress | undefined
  readonly credentials: SubscriptionCredentials
}

/** Files that stand on our machine, not on the target server's. */
const ourFiles = new Set(['sslrootcert', 'sslcert', 'sslkey', 'sslcrl', 'sslcrldir', 'sslpassword'])

/** What would contradict the walreceiver's own, or is of our session alone. */
const ourOwn = new Set(['application_name', 'fallback_application_name', 'replication', 'target_session_attrs', 'load_balance_hosts'])

/**
 * What the subscription's worker connects with: kept in pg_subscription, where superusers of the target can read it. Certificates can't be
 * sent along, so that a mode that verifies them becomes `require`; see rules/subscription-tls.ts.
 */
export function subscriptionConninfo({ source, database, sourceFromTarget, credentials }: SubscriptionConnection): string {
  const hosts = sourceFromTarget === undefined ? source.hosts : [sourceFromTarget]
  const kept = [...source.parameters].filter(
    ([name, value]) =>
      !ourOwn.has(name) && (!ourFiles.has(name) || value === 'system') && (name !== 'passfile' || credentials === 'passfile'),
  )
  const parameters = new Map(kept)
  if (loosensTls(source)) parameters.set('sslmode', 'require')
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

/** The source's URL has its certificate verified by a file that the target server hasn't got. */
export function loosensTls({ parameters }: ConnectionSettings): boolean {
  const mode = parameters.get('sslmode')
  const system = parameters.get('sslrootcert') === 'system'
  return !system && (mode === 'verify-ca' || mode === 'verify-full')
}
