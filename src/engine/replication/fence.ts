import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import type { Session } from '../../pg/session.ts'
import { lsn, lsnBytesSql } from '../../sql/lsn.ts'
import { ownMark } from '../../sql/own-schema.ts'
import { awaitBeat, beat } from '../lag/heartbeat.ts'

export interface FencedLane {
  readonly lane: number
  readonly slot: string
  /** It has a marker of ours. */
  readonly heartbeat: boolean
}

interface Servers {
  readonly source: Session
  readonly target: Session
}

/**
 * Whether all lanes have applied, before the deadline, everything that was committed on the source before this call. A marker says so as soon as it
 * arrives; without one it's what the slot confirms, which old majors do every ten seconds on an idle source.
 */
export async function passFence(
  { source, target }: Servers,
  lanes: readonly FencedLane[],
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const marked = lanes.filter(({ heartbeat }) => heartbeat)
  const beats = new Map<number, bigint>()
  for (const { lane } of marked) beats.set(lane, await beat(source, lane))
  const unmarked = lanes.filter(({ heartbeat }) => !heartbeat).map(({ slot }) => slot)
  const position = unmarked.length === 0 ? null : await emitMessage(source)
  for (const { lane } of marked) {
    if (!(await awaitBeat(target, lane, beats.get(lane) ?? 0n, { deadline, signal }))) return false
  }
  return position === null || (await awaitConfirmed(source, unmarked, position, deadline, signal))
}

async function emitMessage(source: Session): Promise<bigint> {
  const { position } = await source.one(
    z.object({ position: z.bigint() }),
    `select ${lsnBytesSql(`pg_catalog.pg_logical_emit_message(true, $1, '')`)} as position`,
    [ownMark],
  )
  return lsn(position)
}

async function awaitConfirmed(
  source: Session,
  slots: readonly string[],
  position: bigint,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted()
    const behind = (await readSlots(source)).filter(
      ({ name, confirmedFlushLsn }) => slots.includes(name) && (confirmedFlushLsn === null || confirmedFlushLsn < position),
    )
    if (behind.length === 0) return true
    if (performance.now() > deadline) return false
    await sleep(50, undefined, { signal })
  }
}
