import type { Config, ScopeRules } from '../../config/config.ts'
import { type Problem, ReplicatorError } from '../../errors.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { readWorkerErrors } from '../../pg/catalog/replication/worker-log.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { isFailing, judgeReplication, laneOf } from '../../plan/judge-replication.ts'
import { unknownLag } from '../../plan/lag-measure.ts'
import { lagBytes, paceOf, retainedBytes, unknownPace } from '../../plan/replication-pace.ts'
import type { ReplicationGaps, ReplicationReading } from '../../plan/replication-reading.ts'
import type { ReplicationState } from '../../plan/replication-state.ts'
import { LaneMeters } from './measure-lanes.ts'
import { readGaps } from './read-gaps.ts'
import { readReplication } from './read-replication.ts'

export interface Monitored {
  readonly config: Pick<Config, 'source' | 'target' | 'heartbeat'>
  readonly database: string
  /** System identifiers; empty where they aren't known. */
  readonly identifiers: { readonly source: string; readonly target: string }
  readonly signal: AbortSignal
}

/** Seconds after which positions are read anew. */
const stale = 0.5

/** Seconds that rates are taken over. */
const rateWindow = 15

/**
 * Looks at the replication of one database again and again. Changes nothing but the row of our marker. A server that can't be reached is
 * something to tell of, not a failure: it's dialled anew by the next look.
 */
export class ReplicationMonitor implements AsyncDisposable {
  readonly #monitored: Monitored
  readonly #meters = new LaneMeters()
  readonly #sessions = new Map<'source' | 'target', Session>()
  #history: ReplicationState[] = []

  constructor(monitored: Monitored) {
    this.#monitored = monitored
  }

  /** `patience`: seconds to wait for the marker that measures the lag. */
  async read(patience: number): Promise<ReplicationReading> {
    try {
      const [source, target] = await Promise.all([this.#open('source'), this.#open('target')])
      if (isProblem(target)) return unreadable([...(isProblem(source) ? [source] : []), target])
      return await this.#read(source, target, patience)
    } catch (error) {
      return unreadable([this.#problemOf(error)])
    }
  }

  /** What replication doesn't cover of the scope; undefined where a server couldn't be asked. */
  async readGaps(rules: ScopeRules, others: readonly string[], state: ReplicationState): Promise<ReplicationGaps | undefined> {
    const [source, target] = [this.#sessions.get('source'), this.#sessions.get('target')]
    if (!source?.alive || !target?.alive || state.sourceLsn === null) return undefined
    const { database } = this.#monitored
    try {
      return await readGaps({ source, target, rules, database, others }, state)
    } catch (error) {
      if (source.alive && target.alive) throw error
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session[Symbol.asyncDispose]()))
    this.#sessions.clear()
  }

  async #read(reached: Session | Problem, target: Session, patience: number): Promise<ReplicationReading> {
    const { database, identifiers, config, signal } = this.#monitored
    const source = isProblem(reached) ? null : reached
    const before = await readReplication({ source, target, database, identifiers })
    const lag =
      source === null ? unknownLag : await this.#meters.measure(before, { source, target, heartbeat: config.heartbeat, patience, signal })
    // The marker is some bytes itself: read before it was sent, an idle source is level. Where it was waited for, that was too long ago.
    const waited = performance.now() / 1000 - before.at > stale
    const state = waited ? await readReplication({ source, target, database, identifiers }) : before
    const earlier = this.#history.at(-1)
    const pace = paceOf(
      this.#history.find((one) => one.sourceLsn !== null),
      state,
    )
    this.#history = [...this.#history.filter(({ at }) => state.at - at <= rateWindow), state]
    const reasons = await reasonsOf(target, earlier, state)
    const findings = judgeReplication({ database, earlier, state, pace, reasons })
    return {
      ...{ state, lag, pace, lagBytes: lagBytes(state), retainedBytes: retainedBytes(state) },
      findings: isProblem(reached) ? [reached, ...findings] : findings,
    }
  }

  async #open(side: 'source' | 'target'): Promise<Session | Problem> {
    const { config, database, signal } = this.#monitored
    const known = this.#sessions.get(side)
    if (known?.alive) return known
    try {
      const session = await openSession(config[side], { database, signal })
      this.#sessions.set(side, session)
      return session
    } catch (error) {
      const problem = this.#problemOf(error)
      return { ...problem, message: `The ${side} can't be used: ${problem.message}` }
    }
  }

  #problemOf(error: unknown): Problem {
    this.#monitored.signal.throwIfAborted()
    if (!(error instanceof ReplicatorError) || error.code === 'internal') throw error
    return { ...error.finding, database: this.#monitored.database }
  }
}

function isProblem(one: Session | Problem): one is Problem {
  return 'severity' in one
}

function unreadable(findings: readonly Problem[]): ReplicationReading {
  const state = { at: performance.now() / 1000, sourceLsn: null, lanes: [], tables: [] }
  return { state, lag: unknownLag, pace: unknownPace, lagBytes: null, retainedBytes: null, findings }
}

/** Why workers fail, or why they did before they were stopped, by lane, in the target's own words. */
async function reasonsOf(
  target: Session,
  earlier: ReplicationState | undefined,
  state: ReplicationState,
): Promise<ReadonlyMap<number, string>> {
  const failing = state.lanes.filter((lane) => lane.subscription?.enabled === false || isFailing(lane, laneOf(earlier, lane)))
  if (failing.length === 0) return new Map()
  const all = await readSubscriptions(target)
  const logged = failing.flatMap(({ subscription }) =>
    subscription === null
      ? []
      : [{ ...subscription, ambiguous: all.some(({ name, oid }) => name === subscription.name && oid !== subscription.oid) }],
  )
  const errors = await readWorkerErrors(target, logged)
  return new Map(
    failing.flatMap(({ lane, subscription }) => {
      const error = errors.get(subscription?.oid ?? 0)
      return error === undefined ? [] : [[lane, error] as const]
    }),
  )
}
