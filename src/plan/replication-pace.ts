import type { Lsn } from '../sql/lsn.ts'
import type { ReplicationState } from './replication-state.ts'

/** How fast both sides move on, from two readings; null: not known. */
export interface Pace {
  /** What the source writes, in bytes per second. */
  readonly walBytesPerSecond: number | null
  /** By how much the lag shrinks, in bytes per second; negative: it grows. */
  readonly catchUpBytesPerSecond: number | null
  /** Until the target has caught up; null where it doesn't. */
  readonly secondsLeft: number | null
  /** Until the source begins to remove WAL that a slot needs; null: not limited, or not known. */
  readonly secondsToLoss: number | null
}

export const unknownPace: Pace = { walBytesPerSecond: null, catchUpBytesPerSecond: null, secondsLeft: null, secondsToLoss: null }

/** Seconds that two readings must be apart to tell a rate. */
const apart = 0.9

export function paceOf(earlier: ReplicationState | undefined, later: ReplicationState): Pace {
  if (earlier === undefined || later.at - earlier.at < apart) return unknownPace
  const seconds = later.at - earlier.at
  const [before, after] = [lagBytes(earlier), lagBytes(later)]
  const wal =
    earlier.sourceLsn === null || later.sourceLsn === null ? null : Math.max(0, Number(later.sourceLsn - earlier.sourceLsn)) / seconds
  const catchUp = before === null || after === null ? null : Number(before - after) / seconds
  return {
    walBytesPerSecond: wal,
    catchUpBytesPerSecond: catchUp,
    secondsLeft: after === null || catchUp === null ? null : secondsUntilNone(after, catchUp),
    secondsToLoss: wal === null || wal === 0 ? null : secondsToLoss(later, wal),
  }
}

/** What the lane that is furthest behind has yet to confirm; null where that isn't known of one. */
export function lagBytes({ sourceLsn, lanes }: ReplicationState): bigint | null {
  return furthest(
    sourceLsn,
    lanes.map(({ slot }) => slot?.confirmedFlushLsn ?? null),
  )
}

/** WAL that the source keeps for the slot that holds back most. */
export function retainedBytes({ sourceLsn, lanes }: ReplicationState): bigint | null {
  return furthest(
    sourceLsn,
    lanes.map(({ slot }) => slot?.restartLsn ?? null),
  )
}

function furthest(sourceLsn: Lsn | null, positions: readonly (Lsn | null)[]): bigint | null {
  if (sourceLsn === null || positions.length === 0) return null
  let most = 0n
  for (const position of positions) {
    if (position === null) return null
    if (sourceLsn - position > most) most = sourceLsn - position
  }
  return most
}

function secondsUntilNone(bytes: bigint, rate: number): number | null {
  if (bytes === 0n) return 0
  return rate > 0 ? Number(bytes) / rate : null
}

function secondsToLoss({ lanes }: ReplicationState, rate: number): number | null {
  const left = lanes.flatMap(({ slot }) => slot?.safeWalBytes ?? []).map((bytes) => Math.max(0, Number(bytes)) / rate)
  return left.length === 0 ? null : left.reduce((a, b) => Math.min(a, b))
}
