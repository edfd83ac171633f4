import { z } from 'zod'
import { ReplicatorError } from '../errors.ts'
import { openSession, type Session } from '../pg/session.ts'
import { literal } from '../sql/identifier.ts'
import { formatLsn, type Lsn } from '../sql/lsn.ts'
import type { CopyServers } from './copy-worker.ts'

/** An exported snapshot that outlives the loss of any one connection. */
export interface Snapshot extends AsyncDisposable {
  /** To be imported by `set transaction snapshot`, at once: it belongs to a session that is alive now. */
  id(): string
  /** A WAL position not after the snapshot. */
  readonly lsn: string
}

/** The snapshot of a new slot, exact at its consistent point. */
export interface ExportedSnapshot {
  readonly snapshot: string
  readonly consistentPoint: Lsn
}

/** Seconds between two statements on each holder, so that no firewall takes the connection for idle. */
const pingEvery = 20

/**
 * A first session exports the snapshot, a second one imports and re-exports it; both are kept alive. A snapshot dies with its
 * session, so with two holders the copy survives the loss of either. `exported`: by whoever made the slot, who may go afterwards.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
 */
export async function openSnapshot(
  { source, database, signal }: Pick<CopyServers, 'source' | 'database' | 'signal'>,
  exported?: ExportedSnapshot,
): Promise<Snapshot> {
  const sessions: Session[] = []
  const open = async () => {
    const session = await openSession(source, { database, signal })
    sessions.push(session)
    return session
  }
  const close = async () => void (await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]())))
  try {
    const first = await open()
    const lsn = exported === undefined ? await readLsn(first) : formatLsn(exported.consistentPoint)
    const firstId = await beginAndExport(first, exported?.snapshot)
    const second = await open()
    const secondId = await beginAndExport(second, firstId)
    const holders = [
      { session: first, id: firstId },
      { session: second, id: secondId },
    ]
    const ping = setInterval(() => {
      for (const { session } of holders) if (session.alive) session.run('select 1').catch(() => session.destroy())
    }, pingEvery * 1000)
    ping.unref()
    return {
      lsn,
      id: () => livingHolder(holders, database).id,
      async [Symbol.asyncDispose]() {
        clearInterval(ping)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Holder {
  readonly session: Session
  readonly id: string
}

function livingHolder(holders: readonly Holder[], database: string): Holder {
  const holder = holders.find(({ session }) => session.alive)
  if (holder !== undefined) return holder
  throw new ReplicatorError('snapshot-lost', 'every connection that held the snapshot was lost', {
    database,
    hint: 'Start the command again: the tables that are complete stay, the rest is copied under a new snapshot.',
  })
}

async function beginAndExport(session: Session, imported?: string): Promise<string> {
  await session.run('begin isolation level repeatable read, read only')
  if (imported !== undefined) await session.run(`set transaction snapshot ${literal(imported)}`)
  return (await session.one(z.object({ id: z.string() }), 'select pg_catalog.pg_export_snapshot() as id')).id
}

async function readLsn(session: Session): Promise<string> {
  const { lsn } = await session.one(
    z.object({ lsn: z.string() }),
    `select (case
               when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
               else pg_catalog.pg_current_wal_lsn()
             end)::text as lsn`,
  )
  return lsn
}
