import type pg from 'pg'
import { z } from 'zod'
import { literal } from '../sql/identifier.ts'

/**
 * Rows must read the same on both sides, whatever a role's or database's defaults are; and no time-out of the server may end
 * a copy. A setting that the server doesn't know (transaction_timeout before 17) is left out.
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const always: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmloption: 'content',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  quote_all_identifiers: 'off',
  row_security: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  // What one server has confirmed may be why the other is changed: no crash may take it back.
  synchronous_commit: 'on',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  // The server lets go, after a minute of silence, of a connection that broke without a word: its locks and snapshot would last hours.
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  // It notices within seconds that we're gone, even inside a long CREATE INDEX (14+; some other systems refuse it).
  client_connection_check_interval: '3s',
}

/**
 * Applies them, and returns what the server says of itself on the way. The search path goes first and by itself: with a database's own, even `max`
 * could be somebody's function.
 */
export async function pinSettings(
  client: pg.Client,
  more: Readonly<Record<string, string>> = {},
): Promise<{ versionNumber: number; backendPid: number }> {
  const values = Object.entries({ ...always, ...more }).map(([name, value]) => `(${literal(name)}, ${literal(value)})`)
  const results: unknown = await client.query(`set search_path = '';
select pg_catalog.max(pg_catalog.current_setting('server_version_num')::pg_catalog.int4) as "versionNumber",
       pg_catalog.pg_backend_pid() as "backendPid",
       pg_catalog.count(pg_catalog.set_config(s.name, v.value, false))
  from (values ${values.join(', ')}) as v(name, value)
  join pg_catalog.pg_settings s on pg_catalog.lower(s.name) = v.name and (s.enumvals is null or v.value = any (s.enumvals))
   and (v.name <> 'client_connection_check_interval' or pg_catalog.version() like '%linux%')`)
  const [, { rows }] = z
    .tuple([z.unknown(), z.object({ rows: z.tuple([z.object({ versionNumber: z.number(), backendPid: z.number() })]) })])
    .parse(results)
  return rows[0]
}
