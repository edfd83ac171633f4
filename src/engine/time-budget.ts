import { ReplicatorError } from '../errors.ts'

/** Seconds that stopping may take, at most a tenth of the budget. */
const stopping = 60

/** Seconds: a timer of more would go off at once. It's weeks longer than a job may take. */
const longestTimer = 2_147_483

/** Aborts with the user's signal, or so long before the time budget (seconds) is over that stopping fits in. */
export function timeBudget(seconds: number | undefined, signal: AbortSignal): AbortSignal {
  if (seconds === undefined || seconds > longestTimer) return signal
  const over = new AbortController()
  const reason = new ReplicatorError('time-budget', 'the time budget is over', {
    hint: 'Start the command again: it goes on where it was.',
  })
  setTimeout(() => over.abort(reason), (seconds - reserve(seconds)) * 1000).unref()
  return AbortSignal.any([signal, over.signal])
}

/** Of the reserve, what an orderly end may take; the rest is for closing. Null: without a budget. */
export function secondsToSettle(budget: number | undefined): number | null {
  return budget === undefined ? null : reserve(budget) * 0.8
}

function reserve(budget: number): number {
  return Math.min(stopping, budget / 10)
}
