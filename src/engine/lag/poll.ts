import { setTimeout as sleep } from 'node:timers/promises'

export interface Patience {
  /** Of `performance.now()`. */
  readonly deadline: number
  readonly signal?: AbortSignal
}

/** Milliseconds between two looks: at first as often as it costs nothing, then rarer, so that a time is known to a tenth of itself. */
const soonest = 2
const rarest = 50
const growth = 1.1

/** What the last look showed, and when it was (of `performance.now()`): the first that will do, or the first after the deadline. */
export async function poll<T>(
  look: () => Promise<T>,
  willDo: (seen: T) => boolean,
  { deadline, signal }: Patience,
): Promise<{ readonly seen: T; readonly at: number; readonly done: boolean }> {
  for (let pause = soonest; ; pause = Math.min(pause * growth, rarest)) {
    signal?.throwIfAborted()
    const begun = performance.now()
    const seen = await look()
    const ended = performance.now()
    const done = willDo(seen)
    if (done || ended >= deadline) return { seen, at: (begun + ended) / 2, done }
    await sleep(Math.min(pause, deadline - ended), undefined, { signal })
  }
}
