/**
 * Milliseconds to wait for each lock until the transaction's end: fewer than `deadlock_timeout`, whatever the server has for that. So where the
 * application and we wait for each other, it's never the application that loses.
 * https://www.postgresql.org/docs/current/runtime-config-locks.html#GUC-DEADLOCK-TIMEOUT
 */
export function lockTimeoutSql(most: number): string {
  return `select pg_catalog.set_config('lock_timeout', least(${Math.ceil(most)}, ceil(setting::pg_catalog.numeric * 0.8))::text, true) from pg_catalog.pg_settings where name = 'deadlock_timeout'`
}
