/** A subscription as a server's log calls it. */
export interface LoggedSubscription {
  readonly oid: number
  readonly name: string
  /** Another database has one of that name too. */
  readonly ambiguous: boolean
}

interface Entry {
  readonly process: string | undefined
  readonly severity: string
  message: string
  context: string
}

/**
 * The last error of each subscription's workers, in the server's own words. A worker is told by its replication origin (15+), which bears the
 * subscription's oid, or by its process, whose first line names the subscription. The detail is left out: it quotes rows.
 */
export function lastWorkerErrors(log: string, subscriptions: readonly LoggedSubscription[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const byProcess = new Map<string, number>()
  for (const { process, severity, message, context } of entriesOf(log)) {
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

/** `2026-11-23 10:00:00.000 UTC [4711] ERROR:  …`, then its DETAIL, CONTEXT and so on, each a line of its own. */
function entriesOf(log: string): Entry[] {
  const entries: Entry[] = []
  let secondary: string | undefined
  for (const line of log.split('\n')) {
    const [, prefix, word, text = ''] = /^(.*?)\b([A-Z]+\d?): {2}(.*)$/.exec(line) ?? []
    const last = entries.at(-1)
    if (word === undefined) {
      // A further line of what came last begins with a tab.
      if (last !== undefined && secondary === undefined && line.startsWith('\t')) last.message += ` ${line.trim()}`
      continue
    }
    secondary = following.has(word) ? word : undefined
    if (secondary === undefined) entries.push({ process: /\[(\d+)\]/.exec(prefix ?? '')?.[1], severity: word, message: text, context: '' })
    else if (secondary === 'CONTEXT' && last !== undefined) last.context = text
  }
  return entries
}

const following: ReadonlySet<string> = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE'])
