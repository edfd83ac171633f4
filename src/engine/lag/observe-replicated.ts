import type { Config } from '../../config/config.ts'
import { Rejection, ReplicatorError } from '../../errors.ts'
import { readDatabaseNames } from '../../pg/catalog/database-names.ts'
import { readLedgerSlots } from '../../pg/catalog/replication/lanes.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { readServerSummary } from '../../pg/catalog/server-summary.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import { openSession } from '../../pg/session.ts'
import type { ServerSummary } from '../../plan/plan.ts'
import { isNamed, selectDatabases } from '../../scope/databases.ts'
import { mapAtMost } from '../observe/map-at-most.ts'
import { openObserver } from '../observe/open-observer.ts'
import { connectionProblems } from '../observe/open-servers.ts'

/** Databases that are looked into at once. */
const atOnce = 4

export interface ObservedReplicated {
  /** Null: it can't be reached. */
  readonly source: ServerSummary | null
  readonly target: ServerSummary
  /** In scope, with a ledger of ours, or named by the user. */
  readonly databases: readonly string[]
  /** All of the source's; of the target's, where the source can't be reached. */
  readonly all: readonly string[]
}

/**
 * Which databases are replicated, from as little as possible: unlike `observe`, which reads everything that a copy needs. Without the source
 * the target's databases tell.
 */
export async function observeReplicated(config: Config, signal: AbortSignal): Promise<ObservedReplicated> {
  const [source, target] = await Promise.allSettled([openSession(config.source, { signal }), openMaintenanceSession(config.target, signal)])
  try {
    const unreached = [...connectionProblems('source', source), ...connectionProblems('target', target)]
    if (target.status === 'rejected') throw new Rejection(unreached)
    const reached = source.status === 'fulfilled' ? source.value : null
    const found = await readDatabaseNames(reached ?? target.value)
    const { names, problems } = selectDatabases(config.scope, found)
    if (reached !== null && problems.length > 0) throw new Rejection(problems)
    const onTarget = await readDatabaseNames(target.value)
    const subscribed = new Set((await readSubscriptions(target.value)).filter(({ mark }) => mark !== null).map(({ database }) => database))
    const ours = await mapAtMost(atOnce, names, async (name) => {
      if (isNamed(config.scope, name) || subscribed.has(name)) return [name]
      const there = onTarget.some((one) => one.name === name && one.allowConnections)
      return there && (await hasLanes(config, name, signal)) ? [name] : []
    })
    return {
      source: reached === null ? null : await readServerSummary(reached),
      target: await readServerSummary(target.value),
      databases: ours.flat(),
      all: found.map(({ name }) => name),
    }
  } finally {
    for (const one of [source, target]) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]()
  }
}

/** A database that we may not enter isn't one that we replicate to. */
async function hasLanes({ target }: Config, database: string, signal: AbortSignal): Promise<boolean> {
  try {
    await using session = await openObserver(target, database, signal)
    return ((await readLedgerSlots(session)) ?? []).length > 0
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ReplicatorError && error.code !== 'internal') return false
    throw error
  }
}
