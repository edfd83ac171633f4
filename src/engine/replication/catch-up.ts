import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, ReplicatorError } from '../../errors.ts'
import { unmet } from '../../plan/gate.ts'
import type { ReplicationReading } from '../../plan/replication-reading.ts'
import type { ReplicationState } from '../../plan/replication-state.ts'
import { readAll } from '../lag/gate.ts'
import { ReplicationMonitor } from '../lag/replication-monitor.ts'
import type { Ledger } from '../ledger.ts'
import { type FencedLane, passFence } from './fence.ts'
import { followedLanes } from './lanes.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'

/** Milliseconds between two looks, and for which a marker is waited for. */
const interval = 1000

/** Seconds that a problem may last: a worker comes back 5 s after an error of its own, and a server after a restart. */
const lastingAtMost = 40

/**
 * Waits until every table streams, and until all that was committed on the source before now is on the target. What keeps it from that, and doesn't
 * pass, is returned: waiting would be in vain.
 */
export async function catchUp(run: SyncRun, servers: SyncServers, ledger: Ledger): Promise<readonly Problem[]> {
  const lanes = followedLanes(await ledger.read()).map(({ lane }) => lane)
  const identifiers = identifiersOf(run)
  const settings = { source: run.source, target: run.target, heartbeat: run.heartbeat }
  await using monitor = new ReplicationMonitor({ config: settings, database: run.database, identifiers, signal: run.signal })
  const monitors = new Map([[run.database, monitor]])
  let since: number | null = null
  for (;;) {
    run.signal.throwIfAborted()
    const [reading] = (await readAll(monitors, 0, run.emit)).values()
    if (reading === undefined) throw new ReplicatorError('internal', 'a monitor gave no reading')
    const problems = reading.findings.filter((one): one is Problem => one.severity === 'problem')
    since = problems.length === 0 ? null : (since ?? reading.state.at)
    if (since !== null && reading.state.at - since > lastingAtMost) return problems
    const soon = { deadline: performance.now() + interval, signal: run.signal }
    const level = isStreaming(reading) && (await passFence(servers, fenced(reading.state, lanes), soon))
    if (level) return []
    await sleep(Math.max(0, soon.deadline - performance.now()), undefined, { signal: run.signal })
  }
}

export function identifiersOf({ sourceSystemIdentifier: source, targetSystemIdentifier: target }: SyncRun) {
  return { source, target }
}

/** What a fence needs of them. */
export function fenced({ lanes }: ReplicationState, wanted: readonly number[]): FencedLane[] {
  return lanes.filter(({ lane }) => wanted.includes(lane)).map(({ lane, slotName, heartbeat }) => ({ lane, slot: slotName, heartbeat }))
}

/** What somebody took from our publications is `repairPublications`' to bring, as far as it's in scope: it isn't waited for. */
function isStreaming({ state, ...reading }: ReplicationReading): boolean {
  const tables = state.tables.filter(({ published }) => published !== null)
  return unmet({ ...reading, state: { ...state, tables } }, { maxLagBytes: undefined, maxLagSeconds: undefined }).length === 0
}
