import type { ConnectionSettings } from '../config/config.ts'

/** What must not stand where a process list can show it. */
const secretParameters = new Set(['password', 'sslpassword'])

/**
 * A libpq keyword/value string without any secret, fit for a command line. Keepalives have no environment variables in libpq.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function conninfo(settings: ConnectionSettings, more: Readonly<Record<string, string>> = {}): string {
  const words: Record<string, string> = {
    connect_timeout: '15',
    keepalives_idle: '30',
    keepalives_interval: '10',
    keepalives_count: '6',
    ...Object.fromEntries(settings.parameters),
    host: settings.hosts.map((one) => one.host).join(','),
    port: settings.hosts.map((one) => one.port).join(','),
    user: settings.user,
    dbname: settings.database,
    ...more,
  }
  return keywordValues(Object.fromEntries(Object.entries(words).filter(([name]) => !secretParameters.has(name))))
}

/** Whatever it's given, secrets too: fit for what the server alone reads. */
export function keywordValues(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(' ')
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
