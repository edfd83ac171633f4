import type { ConnectionSettings } from '../config/config.ts'
import { openSession, type Session } from '../pg/session.ts'

/** One connection to each server, opened when first needed and again after a loss. */
export interface CopyWorker {
  source(): Promise<Session>
  target(): Promise<Session>
  close(): Promise<void>
}

/**
 * Loads needn't wait for the disk at each commit: the ledger is written in the same transactions, so that after a crash of the
 * server rows and ledger are lost together. lz4 compresses wide values at a fraction of pglz's cost (14+, where built in).
 * https://www.postgresql.org/docs/current/wal-async-commit.html
 */
const loadSettings = {
  synchronous_commit: 'off',
  default_toast_compression: 'lz4',
  check_function_bodies: 'off',
  client_min_messages: 'warning',
}

export interface CopyServers {
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  readonly database: string
  readonly signal: AbortSignal
}

export function openCopyWorker({ source, target, database, signal }: CopyServers): CopyWorker {
  let sourceSession: Session | undefined
  let targetSession: Session | undefined
  return {
    async source() {
      if (!sourceSession?.alive) sourceSession = await openSession(source, { database, signal })
      return sourceSession
    },
    async target() {
      if (!targetSession?.alive) targetSession = await openTargetSession(target, database, signal)
      return targetSession
    },
    async close() {
      await Promise.all([sourceSession?.[Symbol.asyncDispose](), targetSession?.[Symbol.asyncDispose]()])
    },
  }
}

export function openTargetSession(target: ConnectionSettings, database: string, signal: AbortSignal): Promise<Session> {
  return openSession(target, { database, pinned: loadSettings, signal })
}
