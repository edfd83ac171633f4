import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import type { ReplicatorError } from '../../errors.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { addFingerprints, type Fingerprint, noRows } from '../../plan/fingerprint.ts'
import { fingerprintQuery, type Reading } from '../../sql/fingerprint.ts'
import { beginUnderSnapshotSql } from '../../sql/snapshot.ts'
import { openSnapshot, type Snapshot } from '../snapshot-relay.ts'

export interface Side {
  readonly settings: ConnectionSettings
  readonly database: string
  readonly connections: number
  /** Hash the text as UTF-8. */
  readonly utf8: boolean
  readonly signal: AbortSignal
}

/** All that is read of one table on one side; several readings see one snapshot. */
export interface ReadJob {
  readonly bytes: bigint
  readonly readings: readonly Reading[]
  /** An exported one, kept by somebody else; none: one of its own. */
  readonly snapshot?: string
  /** Called once. */
  readonly done: (result: Fingerprint | ReplicatorError) => void
}

/** Reads all jobs of one side in the order given. A job that fails doesn't stop the others; a side that can't be reached fails them all. */
export async function readFingerprints(side: Side, jobs: readonly ReadJob[]): Promise<void> {
  const queue = makeStatements(side, jobs)
  const count = Math.min(side.connections, queue.length)
  const errors = await Promise.all(Array.from({ length: count }, () => work(side, queue)))
  side.signal.throwIfAborted()
  const error = errors.find((one) => one !== undefined)
  for (const statement of queue) await fail(statement, error)
}

interface Statement {
  readonly readings: readonly Reading[]
  /** Whose fingerprints the rows are, in the order of the readings. */
  readonly tables: readonly TableProgress[]
}

interface TableProgress {
  readonly job: ReadJob
  readonly snapshot: SharedSnapshot | undefined
  left: number
  sum: Fingerprint
  ended: boolean
}

const smallTable = 1024n * 1024n
const tablesPerStatement = 50

/** Round trips decide where there are many small tables, so these share statements. */
function makeStatements(side: Side, jobs: readonly ReadJob[]): Statement[] {
  const tables = jobs.map((job): TableProgress => {
    const snapshot = job.readings.length > 1 && job.snapshot === undefined ? new SharedSnapshot(side) : undefined
    return { job, snapshot, left: job.readings.length, sum: noRows, ended: false }
  })
  const isSmall = ({ job }: TableProgress) => job.readings.length === 1 && job.snapshot === undefined && job.bytes < smallTable
  const big = tables.filter((table) => !isSmall(table))
  const small = tables.filter(isSmall)
  const statements: Statement[] = big.flatMap((table) => table.job.readings.map((reading) => ({ readings: [reading], tables: [table] })))
  for (let at = 0; at < small.length; at += tablesPerStatement) statements.push(together(small.slice(at, at + tablesPerStatement)))
  return statements
}

const together = (tables: readonly TableProgress[]): Statement => ({ readings: tables.flatMap(({ job }) => job.readings), tables })

/** One connection's share of the queue. Returns the error with which no connection was to be had: others may have one. */
async function work(side: Side, queue: Statement[]): Promise<unknown> {
  let session: Session | undefined
  try {
    for (let statement = queue.shift(); statement !== undefined; statement = queue.shift()) {
      if (statement.tables.every(({ ended }) => ended)) continue
      try {
        if (session?.alive !== true) session = await open(side)
      } catch (error) {
        queue.unshift(statement)
        return error
      }
      try {
        await deliver(statement, await read(session, statement, side.utf8))
      } catch (error) {
        // Which of them it was shows when each is read alone.
        if (statement.tables.length > 1 && !side.signal.aborted) queue.unshift(...statement.tables.map((table) => together([table])))
        else await fail(statement, error)
      }
    }
    return undefined
  } finally {
    await session?.[Symbol.asyncDispose]()
  }
}

/** The planner may use parallel workers, as the server is set up; compiling pays for no sum of a few seconds. */
function open({ settings, database, signal }: Side): Promise<Session> {
  return openSession(settings, { database, signal, pinned: { default_transaction_read_only: 'on', jit: 'off' } })
}

const row = z.object({ item: z.number(), rows: z.bigint(), first: z.string().transform(BigInt), second: z.string().transform(BigInt) })

async function read(session: Session, { readings, tables }: Statement, utf8: boolean): Promise<z.infer<typeof row>[]> {
  const sql = readings
    .map((reading, item) => `select ${item} as item, f.* from (${fingerprintQuery(reading, utf8)}) f`)
    .join('\nunion all\n')
  const snapshot = tables[0]?.job.snapshot ?? (await tables[0]?.snapshot?.open())?.id()
  if (snapshot === undefined) return session.rows(row, sql)
  try {
    await session.run(beginUnderSnapshotSql(snapshot))
    return await session.rows(row, sql)
  } finally {
    if (session.alive) await session.run('rollback')
  }
}

async function deliver({ tables }: Statement, rows: readonly z.infer<typeof row>[]): Promise<void> {
  for (const { item, ...fingerprint } of rows) {
    const table = tables[item]
    if (table === undefined || table.ended) continue
    table.sum = addFingerprints(table.sum, fingerprint)
    table.left--
    if (table.left === 0) await end(table, table.sum)
  }
}

async function fail({ tables }: Statement, error: unknown): Promise<void> {
  for (const table of tables) if (!table.ended) await end(table, toReplicatorError(error))
}

async function end(table: TableProgress, result: Fingerprint | ReplicatorError): Promise<void> {
  table.ended = true
  table.job.done(result)
  await table.snapshot?.close()
}

/** Opened by the first statement that needs it, closed by the last: no snapshot is held longer than its table takes. */
class SharedSnapshot {
  readonly #side: Side
  #opened: Promise<Snapshot> | undefined

  constructor(side: Side) {
    this.#side = side
  }

  open(): Promise<Snapshot> {
    this.#opened ??= openSnapshot({ source: this.#side.settings, database: this.#side.database, signal: this.#side.signal })
    return this.#opened
  }

  async close(): Promise<void> {
    const snapshot = await this.#opened?.catch(() => undefined)
    await snapshot?.[Symbol.asyncDispose]()
  }
}
