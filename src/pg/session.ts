import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import type { ConnectionSettings } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { literal } from '../sql/identifier.ts'
import { connectClient } from './connect.ts'
import { toReplicatorError } from './database-error.ts'

/** One connection with pinned settings. Every failure is thrown as a ReplicatorError. */
export interface Session extends AsyncDisposable {
  /** Rows of one statement (extended protocol: a second statement in `sql` is refused by the server), each parsed. */
  rows<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T[]>
  /** The only row of one statement. */
  one<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T>
  /** One or more statements in one round trip; the result is dropped. */
  run(sql: string): Promise<void>
  /** For the COPY relay alone. */
  readonly client: pg.Client
  readonly settings: ConnectionSettings
  readonly database: string
  readonly versionNumber: number
  /** False once the connection is lost or closed. */
  readonly alive: boolean
  /** Drops the connection at once; a statement in flight fails with `connection-lost`. */
  destroy(): void
}

export interface SessionOptions {
  /** Default: the database of the URL. */
  readonly database?: string
  /** Further settings, applied where the server knows them. */
  readonly pinned?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * Marks the sessions of this process in pg_stat_activity, so that what a killed run left behind can be told from
 * everything else.
 */
export const runMark = randomBytes(4).toString('hex')
export const applicationName = `postgres-seren-replicator ${runMark}`

/**
 * Rows must read the same on both sides, whatever a role's or database's defaults are; and no time-out of the server may end
 * a copy. A setting that the server doesn't know (transaction_timeout before 17) is left out.
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const pinnedSettings: Readonly<Record<string, string>> = {
  search_path: '',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmloption: 'content',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  row_security: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  default_transaction_read_only: 'off',
  transaction_timeout: '0',
  // The server notices within seconds that we're gone, even inside a long CREATE INDEX (14+).
  client_connection_check_interval: '3s',
}

const types = {
  // bigint as bigint; dates and times as PostgreSQL writes them, since Date has no microseconds.
  getTypeParser(oid: number, format?: string) {
    if (oid === 20) return (value: string) => BigInt(value)
    if (oid === 1082 || oid === 1114 || oid === 1184 || oid === 1186) return (value: string) => value
    return pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

/** Opens a session on `settings`, trying its hosts in order. */
export async function openSession(settings: ConnectionSettings, options: SessionOptions = {}): Promise<Session> {
  const database = options.database ?? settings.database
  const { signal } = options
  signal?.throwIfAborted()
  const client = await connectClient(settings, { database, applicationName, types })
  let alive = true
  const drop = () => {
    alive = false
    // pg's end() waits for a statement in flight; the socket doesn't.
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
  client.on('error', () => {
    alive = false
  })
  client.on('end', () => {
    alive = false
    signal?.removeEventListener('abort', drop)
  })
  signal?.addEventListener('abort', drop, { once: true })

  const attempt = async <T>(body: () => Promise<T>): Promise<T> => {
    try {
      return await body()
    } catch (error) {
      signal?.throwIfAborted()
      throw toReplicatorError(error, { database })
    }
  }
  const rows = <T>(row: z.ZodType<T>, sql: string, values: readonly unknown[] = []) =>
    attempt(async () => {
      const result = await client.query({ text: sql, values: [...values], queryMode: 'extended' } as pg.QueryConfig)
      return z.array(row).parse(result.rows)
    })
  const one = async <T>(row: z.ZodType<T>, sql: string, values: readonly unknown[] = []) => {
    const [first] = await rows(row, sql, values)
    if (first === undefined) throw new ReplicatorError('internal', `a statement that must return one row returned none: ${sql}`)
    return first
  }
  const run = (sql: string) => attempt(async () => void (await client.query(sql)))

  const pinned = Object.entries({ ...pinnedSettings, ...options.pinned })
  const { version } = await one(
    z.object({ version: z.number() }),
    `select max(current_setting('server_version_num')::int) as version,
            count(pg_catalog.set_config(s.name, v.value, false))
       from (values ${pinned.map(([name, value]) => `(${literal(name.toLowerCase())}, ${literal(value)})`).join(', ')}) as v(name, value)
       join pg_catalog.pg_settings s on lower(s.name) = v.name and (s.enumvals is null or v.value = any (s.enumvals))`,
  )

  return {
    rows,
    one,
    run,
    client,
    settings,
    database,
    versionNumber: version,
    get alive() {
      return alive
    },
    destroy: drop,
    async [Symbol.asyncDispose]() {
      if (!alive) return drop()
      alive = false
      await Promise.race([client.end().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1000).unref())])
      drop()
    },
  }
}
