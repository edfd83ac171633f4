import { setTimeout as sleep } from 'node:timers/promises'
import type { Emit } from '../../events.ts'
import { type Thresholds, unmet } from '../../plan/gate.ts'
import { lagSeconds } from '../../plan/lag-measure.ts'
import type { ReplicationReading } from '../../plan/replication-reading.ts'
import { isReady } from '../../plan/replication-state.ts'
import type { ReplicationMonitor } from './replication-monitor.ts'

export interface Gate extends Thresholds {
  /** Seconds to wait for it to hold; Infinity: as long as it takes. */
  readonly wait: number
}

export interface GateResult {
  readonly met: boolean
  /** The last ones, by database. */
  readonly readings: ReadonlyMap<string, ReplicationReading>
  /** Of those, why they don't do. */
  readonly unmet: ReadonlyMap<string, readonly string[]>
}

export interface Gated {
  readonly monitors: ReadonlyMap<string, ReplicationMonitor>
  readonly gate: Gate
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** Readings in a row that must hold, and milliseconds from one to the next. */
const inARow = 3
const apart = 1000

/**
 * Waits until every table of all databases is ready, no worker fails, and the lag stays below the thresholds for several readings. Given up
 * early where waiting is of no use: a slot that is lost doesn't come back.
 */
export async function waitForGate({ monitors, gate, emit, signal }: Gated): Promise<GateResult> {
  if (monitors.size === 0) return { met: false, readings: new Map(), unmet: new Map() }
  const deadline = performance.now() + gate.wait * 1000
  for (let held = 0; ; ) {
    const begun = performance.now()
    const readings = await readAll(monitors, patienceFor(gate), emit)
    const reasons = new Map([...readings].map(([name, reading]) => [name, unmet(reading, gate)]))
    const met = [...reasons.values()].every((one) => one.length === 0)
    held = met ? held + 1 : 0
    if (held === inARow) return { met: true, readings, unmet: reasons }
    if (!met && (performance.now() >= deadline || isHopeless(readings))) return { met: false, readings, unmet: reasons }
    await sleep(Math.max(0, begun + apart - performance.now()), undefined, { signal })
  }
}

/** One look at every database, told of as it comes. */
export async function readAll(
  monitors: ReadonlyMap<string, ReplicationMonitor>,
  patience: number,
  emit: Emit,
): Promise<ReadonlyMap<string, ReplicationReading>> {
  const readings = await Promise.all(
    [...monitors].map(async ([database, monitor]) => {
      const reading = await monitor.read(patience)
      emitLag(database, reading, emit)
      return [database, reading] as const
    }),
  )
  return new Map(readings)
}

/** Seconds to wait for a marker: as long as one may take, but not so long that nothing is seen meanwhile. */
function patienceFor({ maxLagSeconds = 0 }: Thresholds): number {
  return Math.min(Math.max(maxLagSeconds, 0.75), 10) + 0.25
}

function isHopeless(readings: ReadonlyMap<string, ReplicationReading>): boolean {
  return [...readings.values()].some(({ findings }) => findings.some(({ code }) => code === 'slot-lost'))
}

function emitLag(database: string, { state, lag, lagBytes: bytes, pace }: ReplicationReading, emit: Emit): void {
  const readyTables = state.tables.filter((table) => isReady(table, state)).length
  emit({ type: 'lag', database, bytes, seconds: lagSeconds(lag), readyTables, tables: state.tables.length, secondsLeft: pace.secondsLeft })
}
