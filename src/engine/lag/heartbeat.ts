import { z } from 'zod'
import type { Session } from '../../pg/session.ts'
import { beatSql, readBeatSql } from '../../sql/heartbeat.ts'
import { type Patience, poll } from './poll.ts'

const beatRow = z.object({ beat: z.bigint() })

/** Sends the lane's marker off on its way through the log, and returns its number. */
export async function beat(source: Session, lane: number): Promise<bigint> {
  const row = await source.one(beatRow, beatSql(lane))
  return row.beat
}

/**
 * Whether that beat, or a later one, has arrived before the deadline. Apply commits in the source's order: then so has everything that was
 * committed before it.
 */
export async function awaitBeat(target: Session, lane: number, wanted: bigint, patience: Patience): Promise<boolean> {
  const { done } = await poll(
    () => arrivedBeat(target, lane),
    (arrived) => arrived >= wanted,
    patience,
  )
  return done
}

/** The last beat that the target has. */
export async function arrivedBeat(target: Session, lane: number): Promise<bigint> {
  const row = await target.one(beatRow, readBeatSql(lane))
  return row.beat
}
