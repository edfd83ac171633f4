import type { Problem, Warning } from '../errors.ts'
import type { RelationName } from '../events.ts'
import type { LagMeasure } from './lag-measure.ts'
import type { Pace } from './replication-pace.ts'
import type { ReplicationState } from './replication-state.ts'

/** One look at the replication of a database, with all that was made of it. */
export interface ReplicationReading {
  readonly state: ReplicationState
  /** Of the lane that is furthest behind: the source's position less what its slot has confirmed. Null: not known. */
  readonly lagBytes: bigint | null
  readonly lag: LagMeasure
  /** WAL that the source keeps for the slot that holds back most. */
  readonly retainedBytes: bigint | null
  readonly pace: Pace
  readonly findings: readonly (Problem | Warning)[]
}

/** What of the scope replication doesn't cover. */
export interface ReplicationGaps {
  /** Tables of the source that no publication of ours has. */
  readonly missing: readonly RelationName[]
  readonly drifted: readonly DriftedTable[]
  /** Published for updates, though nothing identifies their rows any more. */
  readonly keyless: readonly RelationName[]
}

/** A replicated table whose columns aren't the same on both sides any more. */
export interface DriftedTable extends RelationName {
  /** `column note is missing on the target`, … */
  readonly differences: readonly string[]
}

export const noGaps: ReplicationGaps = { missing: [], drifted: [], keyless: [] }
