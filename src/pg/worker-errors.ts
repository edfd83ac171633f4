import type { LogEntry } from './log-entries.ts'

/** A subscription as a server's log calls it. */
export interface LoggedSubscription {
  readonly oid: number
  readonly name: string
  /** Another database has one of that name too. */
  readonly ambiguous: boolean
}

/**
 * The last error of each subscription's workers, in the server's own words. A worker is told by its replication origin (15+), which bears the
 * subscription's oid, or by its process, whose first line names the subscription. The detail is left out: it quotes rows.
 */
export function lastWorkerErrors(entries: readonly LogEntry[], subscriptions: readonly LoggedSubscription[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const byProcess = new Map<string, number>()
  for (const { process, severity, message, context } of entries) {
    const started = /subscription "((?:[^"]|"")+)".* has started$/.exec(message)?.[1]
    const one = subscriptions.find(({ name, ambiguous }) => name === started && !ambiguous)
    if (process !== undefined && started !== undefined) {
      if (one === undefined) byProcess.delete(process)
      else byProcess.set(process, one.oid)
    }
    if (severity !== 'ERROR') continue
    const origin = Number(/replication origin "pg_(\d+)/.exec(context)?.[1] ?? Number.NaN)
    const oid = subscriptions.some((each) => each.oid === origin) ? origin : byProcess.get(process ?? '')
    if (oid === undefined) continue
    const relation = /replication target relation "(.+?)"(?: column| in transaction|$)/.exec(context)?.[1]
    found.set(oid, relation === undefined ? message : `${message} (relation ${relation})`)
  }
  return found
}
