import type { EventEmitter } from 'node:events'

/** Seconds in which everything must be undone after a signal: a runner kills 10 s after its first, and something is left for the rest. */
const grace = 7

/** Milliseconds in which a second signal is the first one's echo: npm passes on what the terminal has sent to us already. */
const echo = 500

interface Signals {
  readonly signal: AbortSignal
  /** The first that came. */
  readonly received: () => 'SIGINT' | 'SIGTERM' | undefined
}

type Process = Pick<EventEmitter, 'on'> & { readonly exit: (code: number) => void }

/** The first signal asks for an orderly end, which has its time limit; the second ends at once. */
export function listenForSignals(process: Process): Signals {
  const controller = new AbortController()
  let since = 0
  let first: 'SIGINT' | 'SIGTERM' | undefined
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(name, () => {
      if (first !== undefined) {
        if (performance.now() - since > echo) process.exit(code)
        return
      }
      first = name
      since = performance.now()
      setTimeout(() => process.exit(code), grace * 1000).unref()
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return { signal: controller.signal, received: () => first }
}
