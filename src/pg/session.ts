import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import pg from 'pg'
import { z } from 'zod'
import type { ConnectionSettings } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { connectClient } from './connect.ts'
import { serverError, toReplicatorError } from './database-error.ts'
import { pinSettings } from './pinned-settings.ts'
import { watchSilence } from './silence.ts'

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
  /** Milliseconds of silence after which the server is asked whether the session is still there. */
  readonly patience?: number
}

/**
 * Marks the sessions of this process in pg_stat_activity, so that what a killed run left behind can be told from
 * everything else.
 */
export const runMark = randomBytes(4).toString('hex')

/** The URL's own name, or ours, with the run's mark. The server keeps 63 bytes, and replaces what isn't ASCII. */
export function applicationName({ parameters }: Pick<ConnectionSettings, 'parameters'>): string {
  const name = parameters.get('application_name') ?? parameters.get('fallback_application_name') ?? 'postgres-seren-replicator'
  return `${name.replaceAll(/[^ -~]/g, '?').slice(0, 54)} ${runMark}`
}

const stillAtIt = `
select from pg_catalog.pg_stat_activity
 where pid = $1
   and (state is null or state not like 'idle%' or state_change > pg_catalog.clock_timestamp() - interval '20 s')`

/** Milliseconds that a server has for the simplest of queries. */
const answerWithin = 15_000

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
  // One listener for each session of the run: no leak.
  if (signal !== undefined) setMaxListeners(0, signal)
  const client = await unlessAborted(connectClient(settings, { database, applicationName: applicationName(settings), types }), signal)
  let alive = true
  const drop = () => {
    alive = false
    destroyStream(client)
  }
  client.on('error', () => {
    alive = false
  })
  client.on('end', () => {
    alive = false
    signal?.removeEventListener('abort', drop)
  })
  signal?.addEventListener('abort', drop, { once: true })

  // The driver gives up queueing by itself.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
    const next = turn.then(body)
    turn = next.catch(() => undefined)
    return next
  }
  const attempt = async <T>(body: () => Promise<T>): Promise<T> => {
    try {
      return await inTurn(body)
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

  const { versionNumber, backendPid } = await attempt(() => pinSettings(client, options.pinned))
  client.once('end', watchSilence(client, { ask: () => isServed(settings, database, backendPid), drop, patience: options.patience }))

  return {
    rows,
    one,
    run,
    client,
    settings,
    database,
    versionNumber,
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

/**
 * Whether a process of the server is still at our statement, as a new connection sees it: one that has long been idle never got it,
 * or its answer was lost. A refusal is a sign of life.
 */
async function isServed(settings: ConnectionSettings, database: string, backendPid: number): Promise<boolean> {
  let client: pg.Client | undefined
  try {
    client = await connectClient(settings, { database, applicationName: applicationName(settings), types })
    const asked = client.query(stillAtIt, [backendPid])
    const silent = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), answerWithin).unref())
    const answer = await Promise.race([asked, silent])
    if (answer === undefined) throw new ReplicatorError('connection-timeout', 'the server does not answer')
    return answer.rowCount === 1
  } catch (error) {
    if (serverError(error) === undefined) throw error
    return true
  } finally {
    if (client !== undefined) destroyStream(client)
  }
}

/** pg's end() waits for a statement in flight; the socket doesn't. */
function destroyStream(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

/** A host that doesn't answer mustn't hold up the end of the run; what it opens afterwards is closed. */
async function unlessAborted(connecting: Promise<pg.Client>, signal: AbortSignal | undefined): Promise<pg.Client> {
  if (signal === undefined) return connecting
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([connecting, aborted])
  } catch (error) {
    if (signal.aborted) connecting.then((client) => client.end()).catch(() => undefined)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
