import type { Socket } from 'node:net'
import type pg from 'pg'

export interface SilenceWatch {
  /** Over a connection of its own: false when nothing serves the silent one any more. Throws when the server can't be reached. */
  readonly ask: () => Promise<boolean>
  /** Drops the silent connection: its statement in flight fails. */
  readonly drop: () => void
  /** Milliseconds without a byte, in either direction, after which the server is asked, again and again. */
  readonly patience?: number | undefined
}

/** Unanswered questions in a row that count as the server's loss. */
const unansweredLimit = 3

/**
 * Notices a connection that broke without a word. A statement may be silent for hours (CREATE INDEX, a filter that matches little),
 * so silence alone proves nothing; and the keepalives of TCP neither cover data in flight, which the system repeats for a quarter of
 * an hour, nor a proxy that answers for a server that is gone. Returns what ends the watch.
 */
export function watchSilence(client: pg.Client, { ask, drop, patience = 30_000 }: SilenceWatch): () => void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  let moved = 0
  let since = performance.now()
  let unanswered = 0
  let asking = false
  let ended = false

  const look = async () => {
    const { readyForQuery } = client as unknown as { readyForQuery: boolean }
    const now = stream.bytesRead + stream.bytesWritten
    if (readyForQuery || now !== moved) {
      moved = now
      since = performance.now()
      unanswered = 0
      return
    }
    if (asking || performance.now() - since < patience) return
    asking = true
    const before = moved
    const served = await ask().catch(() => undefined)
    asking = false
    since = performance.now()
    if (ended || before !== stream.bytesRead + stream.bytesWritten) return
    unanswered = served === undefined ? unanswered + 1 : 0
    if (served === false || unanswered === unansweredLimit) drop()
  }
  const timer = setInterval(() => void look(), patience / 6)
  timer.unref()
  return () => {
    ended = true
    clearInterval(timer)
  }
}
