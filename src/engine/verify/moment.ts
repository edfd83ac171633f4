import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import type { RelationName } from '../../events.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { sameFilesSql } from '../../sql/snapshot.ts'
import { type FencedLane, passFence } from '../replication/fence.ts'
import { type Hold, holdWrites } from '../replication/hold.ts'

export interface MomentServers {
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  readonly database: string
  readonly signal: AbortSignal
  /** For the fence. */
  readonly sessions: { readonly source: Session; readonly target: Session }
}

/** A snapshot of either server. */
export interface Moment extends AsyncDisposable {
  readonly source: string
  readonly target: string
  /** Whether what the snapshots see of the table is still there: TRUNCATE and rewriting ALTER TABLE take it from them. */
  stillShows(table: RelationName): Promise<boolean>
}

export interface MomentRequest {
  readonly table: RelationName & { readonly kind: string }
  readonly lane: FencedLane
  /** Milliseconds that writes to the table may be held; null: not at all, and what the snapshots show may differ by what was written between. */
  readonly longest: number | null
  /** Told of every hold. */
  readonly onHeld: (milliseconds: number) => void
}

/** Milliseconds of a hold that are left for its end, and for which the target is waited for without one. */
const ending = 30
const patience = 5000

/**
 * Snapshots that show a table in the same state: under the lock nobody writes to it, and past the fence all that was written is on the target.
 * They're read at leisure after the lock is gone. Null: the lock wasn't to be had, or the target wasn't there before its end.
 */
export async function openMoment(servers: MomentServers, request: MomentRequest): Promise<Moment | null> {
  const source = await openPin(servers, servers.source)
  const target = await openPin(servers, servers.target).catch(closing([source]))
  const close = async () => void (await Promise.all([source, target].map((pin) => pin.close())))
  const shown = await show({ source, target }, servers, request).catch(closing([source, target]))
  if (shown !== null)
    return {
      ...shown,
      stillShows: async (table) => (await source.stillShows(table)) && (await target.stillShows(table)),
      [Symbol.asyncDispose]: close,
    }
  await close()
  return null
}

interface Snapshots {
  readonly source: string
  readonly target: string
}

interface Pins {
  readonly source: Pin
  readonly target: Pin
}

async function show(pins: Pins, servers: MomentServers, { table, lane, longest, onHeld }: MomentRequest): Promise<Snapshots | null> {
  if (longest === null) return showNow(pins, servers, lane, performance.now() + patience)
  const { source, database, signal } = servers
  const hold = await holdWrites({ source, database, signal, tables: [table], longest })
  if (hold === null) return null
  const shown = await showHeld(pins, servers, lane, hold).catch(releasing(hold))
  onHeld(await hold.release())
  return shown
}

async function showHeld(pins: Pins, servers: MomentServers, lane: FencedLane, hold: Hold): Promise<Snapshots | null> {
  const shown = await showNow(pins, servers, lane, hold.deadline - ending)
  return (await hold.stands()) ? shown : null
}

async function showNow(pins: Pins, servers: MomentServers, lane: FencedLane, deadline: number): Promise<Snapshots | null> {
  const [source, passed] = await Promise.all([
    pins.source.show(),
    passFence(servers.sessions, [lane], { deadline, signal: servers.signal }),
  ])
  return passed ? { source, target: await pins.target.show() } : null
}

function releasing(hold: Hold): (error: unknown) => Promise<never> {
  return async (error) => {
    await hold.release().catch(() => undefined)
    throw error
  }
}

function closing(pins: readonly Pin[]): (error: unknown) => Promise<never> {
  return async (error) => {
    await Promise.all(pins.map((pin) => pin.close()))
    throw error
  }
}

/** A session that takes its snapshot when it's told to, and keeps it. */
interface Pin {
  show(): Promise<string>
  stillShows(table: RelationName): Promise<boolean>
  close(): Promise<void>
}

/** Seconds between two statements, so that no firewall takes the connection for idle. */
const pingEvery = 20

async function openPin({ database, signal }: MomentServers, settings: ConnectionSettings): Promise<Pin> {
  const session = await openSession(settings, { database, signal })
  let ping: NodeJS.Timeout | undefined
  const close = async () => {
    clearInterval(ping)
    await session[Symbol.asyncDispose]()
  }
  await session.run('begin isolation level repeatable read, read only').catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    async show() {
      const { id } = await session.one(z.object({ id: z.string() }), 'select pg_catalog.pg_export_snapshot() as id')
      ping = setInterval(() => session.run('select 1').catch(() => session.destroy()), pingEvery * 1000)
      ping.unref()
      return id
    },
    async stillShows({ schema, name }) {
      return (await session.one(z.object({ same: z.boolean() }), sameFilesSql, [schema, name])).same
    },
    close,
  }
}
