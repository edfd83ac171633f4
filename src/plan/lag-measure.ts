/** How many seconds the target is behind, as a marker told that was sent through the source's log. */
export interface LagMeasure {
  /** Null: nothing is known. Equal to `atMost`: it was measured. */
  readonly atLeast: number | null
  /** Null: the marker is still on its way, and so was what came before it. */
  readonly atMost: number | null
  /** `message`: no table of ours is published; what is known then is when the source was told, which may be long after it arrived. */
  readonly by: 'heartbeat' | 'message' | null
}

export const unknownLag: LagMeasure = { atLeast: null, atMost: null, by: null }

/** Of several lanes: the one that is furthest behind. Nothing is known of all when it isn't of one. */
export function furthestBehind(lanes: readonly LagMeasure[]): LagMeasure {
  const [first] = lanes
  if (first === undefined || lanes.some(({ by }) => by === null)) return unknownLag
  return {
    atLeast: most(lanes.map(({ atLeast }) => atLeast ?? 0)),
    atMost: lanes.some(({ atMost }) => atMost === null) ? null : most(lanes.map(({ atMost }) => atMost ?? 0)),
    by: lanes.some(({ by }) => by === 'message') ? 'message' : 'heartbeat',
  }
}

/** One figure for it: what was measured, or the bound that is known. */
export function lagSeconds({ atLeast, atMost }: LagMeasure): number | null {
  return atMost ?? atLeast
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0)
}
