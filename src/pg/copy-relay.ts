import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { ReplicatorError } from '../errors.ts'
import { splitFrames } from './copy-frames.ts'
import { toReplicatorError } from './database-error.ts'
import type { Session } from './session.ts'

export interface CopyRelay {
  readonly source: Session
  /** One or more statements; exactly one of them is COPY … TO STDOUT. */
  readonly sourceSql: string
  readonly target: Session
  /** One or more statements; the last one is COPY … FROM STDIN. */
  readonly targetSql: string
  /** Called for each buffer that passes, with its length in bytes. */
  readonly onBytes?: (bytes: number) => void
}

export interface CopyRelayResult {
  /** Rows as the target counted them; equal to the source's count, else it's an error. */
  readonly rows: bigint
  /** Bytes of CopyData, message headers included. */
  readonly bytes: bigint
  /** Rows of other statements in `sourceSql`, values as text. */
  readonly sourceRows: readonly (readonly (string | null)[])[]
}

/**
 * Copies from COPY to COPY. Whole socket buffers go from one server to the other; only message headers are read, with
 * back-pressure, and nothing is kept. After a failure both sessions are unusable and have been dropped.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export async function relayCopy({ source, sourceSql, target, targetSql, onBytes }: CopyRelay): Promise<CopyRelayResult> {
  let bytes = 0n
  const sink = new CopyIn(target.client, targetSql)
  const feed = new CopyOut(source.client, sourceSql, (buffer) => {
    bytes += BigInt(buffer.length)
    onBytes?.(buffer.length)
    return sink.write(buffer)
  })
  sink.onReady = () => feed.resume()
  try {
    target.client.query(sink)
    source.client.query(feed)
    // Whichever fails first tells why; the other one's failure would be its consequence.
    await Promise.race([feed.done, sink.failed])
    sink.finish()
    await sink.done
  } catch (error) {
    source.destroy()
    target.destroy()
    await Promise.allSettled([feed.done, sink.done])
    throw toReplicatorError(error)
  }
  if (feed.rows !== sink.rows) {
    target.destroy()
    throw new ReplicatorError('internal', `the source sent ${feed.rows} rows, the target took ${sink.rows}`)
  }
  return { rows: sink.rows, bytes, sourceRows: feed.otherRows }
}

interface RawConnection {
  readonly stream: Duplex
  query(sql: string): void
}

/** What pg asks of a query object of one's own; messages arrive as pg-protocol parses them. */
abstract class CopyQuery {
  rows = 0n
  readonly done: Promise<void>
  protected readonly connection: RawConnection
  protected error: unknown
  readonly #sql: string
  #settle!: { resolve: () => void; reject: (error: unknown) => void }

  constructor(client: pg.Client, sql: string) {
    this.connection = (client as unknown as { connection: RawConnection }).connection
    this.#sql = sql
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.done.catch(() => undefined)
  }

  submit(): void {
    this.connection.query(this.#sql)
  }

  handleCommandComplete(message: { text: string }): void {
    const count = /^COPY (\d+)$/.exec(message.text)?.[1]
    if (count !== undefined) this.rows = BigInt(count)
  }

  handleError(error: unknown): void {
    this.error = error
    this.settle()
  }

  handleReadyForQuery(): void {
    this.settle()
  }

  handleRowDescription(): void {}
  handleDataRow(_message: { fields: (string | null)[] }): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(_connection: unknown): void {}

  protected settle(): void {
    if (this.error === undefined) this.#settle.resolve()
    else this.#settle.reject(this.error)
  }
}

class CopyOut extends CopyQuery {
  readonly otherRows: (string | null)[][] = []
  readonly #forward: (bytes: Buffer) => boolean
  readonly #parsers: ((chunk: Buffer) => void)[]
  #restored = false

  constructor(client: pg.Client, sql: string, forward: (bytes: Buffer) => boolean) {
    super(client, sql)
    this.#forward = forward
    this.#parsers = this.connection.stream.listeners('data') as ((chunk: Buffer) => void)[]
  }

  override submit(): void {
    const { stream } = this.connection
    for (const parser of this.#parsers) stream.off('data', parser)
    stream.on('data', this.#onData)
    super.submit()
  }

  override handleDataRow(message: { fields: (string | null)[] }): void {
    this.otherRows.push(message.fields)
  }

  resume(): void {
    if (!this.#restored) this.connection.stream.resume()
  }

  readonly #onData = splitFrames({
    data: (bytes) => {
      if (!this.#forward(bytes)) this.connection.stream.pause()
    },
    other: (bytes) => {
      for (const parser of this.#parsers) parser(bytes)
    },
  })

  protected override settle(): void {
    const { stream } = this.connection
    if (!this.#restored) {
      this.#restored = true
      stream.off('data', this.#onData)
      for (const parser of this.#parsers) stream.on('data', parser)
      // A socket left paused would hang the session for good.
      stream.resume()
    }
    super.settle()
  }
}

const copyDoneMessage = Buffer.from([0x63, 0, 0, 0, 4])

class CopyIn extends CopyQuery {
  /** Rejects when the target fails; never resolves. */
  readonly failed: Promise<never>
  onReady: () => void = () => undefined
  #ready = false
  #waiting: Buffer[] = []
  #finished = false
  readonly #drained = () => this.onReady()

  constructor(client: pg.Client, sql: string) {
    super(client, sql)
    this.failed = new Promise((_, reject) => {
      this.done.catch(reject)
    })
    this.failed.catch(() => undefined)
  }

  override submit(): void {
    this.connection.stream.on('drain', this.#drained)
    super.submit()
  }

  /** False: wait for `onReady` before writing more. */
  write(bytes: Buffer): boolean {
    if (this.#ready) return this.connection.stream.write(bytes)
    this.#waiting.push(bytes)
    return false
  }

  /** All rows were written. */
  finish(): void {
    this.#finished = true
    if (this.#ready) this.connection.stream.write(copyDoneMessage)
  }

  override handleCopyInResponse(): void {
    this.#ready = true
    for (const bytes of this.#waiting) this.connection.stream.write(bytes)
    this.#waiting = []
    if (this.#finished) this.connection.stream.write(copyDoneMessage)
    this.onReady()
  }

  protected override settle(): void {
    this.connection.stream.off('drain', this.#drained)
    super.settle()
  }
}
