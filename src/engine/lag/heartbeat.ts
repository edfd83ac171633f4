import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Session } from '../../pg/session.ts'
import { beatSql, readBeatSql } from '../../sql/heartbeat.ts'

const beatRow = z.object({ beat: z.bigint() })

/** Milliseconds between two looks at the target: at first as often as it costs nothing, then rarer. */
const soonest = 2
const rarest = 50

/** Sends the lane's marker off on its way through the log, and returns its number. */
export async function beat(source: Session, lane: number): Promise<bigint> {
  const row = await source.one(beatRow, beatSql(lane))
  return row.beat
}

/**
 * Whether that beat, or a later one, has arrived before the deadline (of `performance.now()`). Apply commits in the source's order: then so
 * has everything that was committed before it.
 */
export async function awaitBeat(
  target: Session,
  lane: number,
  wanted: bigint,
  { deadline, signal }: { readonly deadline: number; readonly signal?: AbortSignal },
): Promise<boolean> {
  for (let pause = soonest; ; pause = Math.min(pause * 1.5, rarest)) {
    signal?.throwIfAborted()
    if ((await arrivedBeat(target, lane)) >= wanted) return true
    const left = deadline - performance.now()
    if (left <= 0) return false
    await sleep(Math.min(pause, left), undefined, { signal })
  }
}

/** The last beat that the target has. */
export async function arrivedBeat(target: Session, lane: number): Promise<bigint> {
  const row = await target.one(beatRow, readBeatSql(lane))
  return row.beat
}
