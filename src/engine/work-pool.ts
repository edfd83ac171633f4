/** One thing to do; the heaviest goes first, so that no long one is left for the end. */
export interface WorkItem<Worker> {
  /** Comparable within one pool: bytes. */
  readonly weight: number
  run(worker: Worker, pool: WorkPool<Worker>): Promise<void>
}

export interface WorkPool<Worker> {
  add(item: WorkItem<Worker>): void
  /** Whether others still have work, so that this item shouldn't spread over more than one processor. */
  readonly crowded: boolean
}

export interface Workers<Worker> {
  readonly count: number
  open(number: number): Worker
  close(worker: Worker): Promise<void>
}

/**
 * Runs items, and those that they add, on a fixed number of workers. An item that throws ends the pool: failures that concern
 * one table alone are the item's own to report.
 */
export async function runPool<Worker>(workers: Workers<Worker>, items: readonly WorkItem<Worker>[], signal: AbortSignal): Promise<void> {
  const queue = [...items].sort((a, b) => a.weight - b.weight)
  const failure = new AbortController()
  let busy = 0
  let waiting: (() => void)[] = []
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resume of woken) resume()
  }
  const pool: WorkPool<Worker> = {
    add(item) {
      const at = queue.findIndex((other) => other.weight > item.weight)
      queue.splice(at === -1 ? queue.length : at, 0, item)
      wake()
    },
    get crowded() {
      return busy + queue.length >= workers.count
    },
  }
  const work = async (number: number) => {
    const worker = workers.open(number)
    try {
      while (!failure.signal.aborted && !signal.aborted) {
        const item = queue.pop()
        if (item === undefined) {
          if (busy === 0) return
          await new Promise<void>((resolve) => waiting.push(resolve))
          continue
        }
        busy++
        try {
          await item.run(worker, pool)
        } finally {
          busy--
          wake()
        }
      }
    } catch (error) {
      failure.abort(error)
      wake()
    } finally {
      await workers.close(worker)
    }
  }
  await Promise.all(Array.from({ length: workers.count }, (_, number) => work(number)))
  signal.throwIfAborted()
  if (failure.signal.aborted) throw failure.signal.reason
}
