import { openSession, type Session } from '../../pg/session.ts'
import type { DatabaseRun } from '../database-run.ts'

/** What `sync` is given of one database. */
export interface SyncRun extends DatabaseRun {
  /** Milliseconds that writes to tables of the source may be held; 0: never. */
  readonly maxHold: number
  readonly addTables: boolean
  /** A marker of ours may be used. */
  readonly heartbeat: boolean
}

export interface SyncServers extends AsyncDisposable {
  readonly source: Session
  readonly target: Session
}

export async function openSyncServers({
  source,
  target,
  database,
  signal,
}: Pick<DatabaseRun, 'source' | 'target' | 'database' | 'signal'>): Promise<SyncServers> {
  const from = await openSession(source, { database, signal })
  try {
    const to = await openSession(target, { database, signal })
    return {
      source: from,
      target: to,
      [Symbol.asyncDispose]: async () => void (await Promise.all([from[Symbol.asyncDispose](), to[Symbol.asyncDispose]()])),
    }
  } catch (error) {
    await from[Symbol.asyncDispose]()
    throw error
  }
}
