import { ReplicatorError } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import { furthestBehind, type LagMeasure, unknownLag } from '../../plan/lag-measure.ts'
import type { LaneState, ReplicationState } from '../../plan/replication-state.ts'
import { LagMeter } from './lag-meter.ts'
import { heartbeatRoute, type MarkerRoute, messageRoute } from './marker-route.ts'

export interface LaneMeasuring {
  readonly source: Session
  readonly target: Session
  /** A marker of ours may be used. */
  readonly heartbeat: boolean
  /** Seconds to wait for a marker. */
  readonly patience: number
  readonly signal: AbortSignal
}

/** Seconds to wait for a marker when no worker is there to apply it. */
const briefly = 0.5

/** The lag in seconds of all lanes, measured side by side. Keeps what is on its way from one measurement to the next. */
export class LaneMeters {
  readonly #meters = new Map<string, LagMeter>()

  async measure({ lanes }: ReplicationState, measuring: LaneMeasuring): Promise<LagMeasure> {
    return furthestBehind(await Promise.all(lanes.map((lane) => this.#measureLane(lane, measuring))))
  }

  async #measureLane(lane: LaneState, measuring: LaneMeasuring): Promise<LagMeasure> {
    const { source, target, heartbeat } = measuring
    if (lane.subscription === null || lane.slot === null) return unknownLag
    if (heartbeat && lane.heartbeat) {
      const measured = await this.#measureBy(heartbeatRoute(source, target, lane.lane), lane, measuring).catch(unlessRefused)
      if (measured !== null) return measured
    }
    return (await this.#measureBy(await messageRoute(source, target, lane), lane, measuring).catch(unlessRefused)) ?? unknownLag
  }

  #measureBy(route: MarkerRoute, { lane, subscription }: LaneState, { patience, signal }: LaneMeasuring): Promise<LagMeasure> {
    const key = `${lane} ${route.by}`
    const meter = this.#meters.get(key) ?? new LagMeter()
    this.#meters.set(key, meter)
    return meter.measure(route, subscription?.workerPid == null ? Math.min(patience, briefly) : patience, signal)
  }
}

/** Null where the table isn't there on a side, or isn't for our role to write. */
function unlessRefused(error: unknown): null {
  const state = error instanceof ReplicatorError ? error.server?.sqlstate : undefined
  if (state === sqlstate.insufficientPrivilege || state === sqlstate.undefinedTable) return null
  throw error
}
