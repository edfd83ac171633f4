import type { EventEmitter } from 'node:events'

/** Seconds in which everything must be undone after a signal: a runner kills 10 s after its first, and something is left for the rest. */
const grace = 7

/** Milliseconds in which a second signal is the first one's echo: npm passes on what the terminal has sent to us already. */
const echo = 500

export interface Signals {
  readonly signal: AbortSignal
  /** The first that came. */
  readonly received: () => 'SIGINT' | 'SIGTERM' | undefined
  /** For Ctrl-C where keys are read, so that the terminal sends no signal. */
  readonly interrupt: () => void
}

type Process = Pick<EventEmitter, 'on'> & { readonly exit: (code: number) => void }

/** The first signal asks for an orderly end, which has its time limit; the second ends at once. */
export function listenForSignals(process: Process): Signals {
  const controller = new AbortController()
  let since = 0
  let first: 'SIGINT' | 'SIGTERM' | undefined
  const receive = (name: 'SIGINT' | 'SIGTERM') => {
    if (first !== undefined) {
      if (performance.now() - since > echo) process.exit(codes[name])
      return
    }
    first = name
    since = performance.now()
    setTimeout(() => process.exit(codes[name]), grace * 1000).unref()
    controller.abort(new Error(`stopped by ${name}`))
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => receive(name))
  return { signal: controller.signal, received: () => first, interrupt: () => receive('SIGINT') }
}

const codes = { SIGINT: 130, SIGTERM: 143 } as const
