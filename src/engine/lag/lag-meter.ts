import type { LagMeasure } from '../../plan/lag-measure.ts'
import type { MarkerRoute } from './marker-route.ts'
import { poll } from './poll.ts'

interface Sent {
  readonly marker: bigint
  /** Of `performance.now()`. */
  readonly at: number
  /** By an earlier run. */
  readonly adopted: boolean
}

/** Milliseconds between two markers that are on their way. */
const apart = 900

/**
 * Measures the lag of one lane in seconds: sends a marker, waits a while for it, and remembers those that are on their way, so that a lag longer
 * than anyone wants to wait for is known nevertheless.
 */
export class LagMeter {
  /** The last that arrived while we looked, and those that haven't, oldest first. */
  #arrived: Sent | undefined
  #underWay: Sent[] = []

  async measure(route: MarkerRoute, seconds: number, signal: AbortSignal): Promise<LagMeasure> {
    if (this.#arrived === undefined && this.#underWay.length === 0) await this.#adopt(route)
    else if (this.#isDue()) await this.#send(route)
    const newest = this.#underWay.at(-1)
    if (newest === undefined) return { atLeast: null, atMost: null, by: null }
    const deadline = performance.now() + seconds * 1000
    const { seen, at, done } = await poll(
      () => route.arrived(),
      (marker) => marker >= newest.marker,
      { deadline, signal },
    )
    this.#receive(seen)
    if (done) {
      const atMost = secondsBetween(newest.at, at)
      return { atLeast: Math.max(0, atMost - route.coarse), atMost, by: route.by }
    }
    const oldest = this.#underWay[0] ?? newest
    return {
      atLeast: Math.max(0, secondsBetween(oldest.at, at) - route.coarse),
      atMost: this.#arrived === undefined ? null : secondsBetween(this.#arrived.at, at),
      by: route.by,
    }
  }

  /** One that an earlier run has sent, and that is still on its way, tells of a longer time than ours would. */
  async #adopt(route: MarkerRoute): Promise<void> {
    const last = await route.last()
    if (last !== null && (await route.arrived()) < last.marker)
      this.#underWay.push({ marker: last.marker, at: performance.now() - last.seconds * 1000, adopted: true })
    else await this.#send(route)
  }

  /** Its time is that of the answer: it's about then that the source has committed. */
  async #send(route: MarkerRoute): Promise<void> {
    const marker = await route.send()
    this.#underWay.push({ marker, at: performance.now(), adopted: false })
  }

  /** The table keeps the last one's time alone: what an earlier run has sent stays there until it has arrived. */
  #isDue(): boolean {
    const newest = this.#underWay.at(-1)
    return newest === undefined || (!newest.adopted && performance.now() - newest.at >= apart)
  }

  #receive(seen: bigint): void {
    this.#arrived = this.#underWay.findLast(({ marker }) => marker <= seen) ?? this.#arrived
    this.#underWay = this.#underWay.filter(({ marker }) => marker > seen)
  }
}

function secondsBetween(earlier: number, later: number): number {
  return Math.max(0, later - earlier) / 1000
}
