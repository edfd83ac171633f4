import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { TestDatabase } from './database-pair.ts'

export interface WriterCounts {
  readonly transactions: number
  readonly seconds: number
  readonly perSecond: number
  /** What the application was told: SQLSTATE, message and statement, the first twenty. */
  readonly failures: string[]
  /** Connections lost, and made again as soon as could be. */
  readonly disconnections: number
  /** The longest that one message of statements took, and the message. */
  readonly longestMillis: number
  readonly longest: string
}

export interface WriterOptions {
  /** Transactions per second, of all sessions together. */
  readonly rate?: number
  /** Of the larger tables, at first. */
  readonly rows?: number
  /** A table that nothing tells the rows of: absent unless told; what is done to it. */
  readonly keyless?: 'inserts' | 'changes'
  /** False: no TRUNCATE, which waits for the readers of a table, while everyone else waits for it. */
  readonly truncates?: boolean
}

export interface Writer extends AsyncDisposable {
  /** What was counted since the last lap, or since the start. */
  lap(): Promise<WriterCounts>
  /** Lets transactions under way end; what was counted since the start. */
  stop(): Promise<WriterCounts>
}

const fixture = (name: string) => readFile(new URL(`../fixtures/writer/${name}.sql`, import.meta.url), 'utf8')
const defaults = { rate: 650, rows: 4000, keyless: undefined, truncates: true, sessions: 4 }

/**
 * An application on the source: four sessions whose transactions overlap, in a thread of their own. It makes no error of its own, so that
 * `expect((await writer.stop()).failures).toEqual([])` tells that the source was left in peace.
 */
export async function startWriter(database: TestDatabase, options: WriterOptions = {}): Promise<Writer> {
  const thread = new Worker(fileURLToPath(new URL('writer/thread.mjs', import.meta.url)), {
    workerData: { ...defaults, ...options, url: database.url },
  })
  await once(thread, 'message')
  let ended: Promise<WriterCounts> | undefined
  const ask = async (what: 'lap' | 'stop') => {
    thread.postMessage(what)
    const [counts] = await once(thread, 'message')
    return counts as WriterCounts
  }
  return {
    lap: () => ask('lap'),
    stop: () => (ended ??= ask('stop')),
    async [Symbol.asyncDispose]() {
      await thread.terminate()
    },
  }
}

/** The tables that the writer writes to, with their first rows. */
export async function loadWriterTables(database: TestDatabase, { rows = defaults.rows, keyless }: WriterOptions = {}): Promise<void> {
  await database.query((await fixture('tables')).replaceAll(':rows', String(rows)))
  if (keyless !== undefined) await database.query(await fixture('keyless'))
}
