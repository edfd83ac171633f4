import type { Config } from '../../config/config.ts'
import { openSession, type Session } from '../../pg/session.ts'
import type { Observed } from '../../plan/observed.ts'
import type { ObservedRefusal } from '../../plan/observed-replication.ts'
import { subscriptionConninfo } from '../../sql/subscription-conninfo.ts'
import { probeSubscription } from './probe-subscription.ts'

type Reach = ReadonlyMap<string, ObservedRefusal | null>

/**
 * Has the target dial each database of the source, from a database where the role may create something; where there's none yet, nothing can be
 * tried. What isn't reached once isn't tried again: each try may take its time.
 */
export async function observeReach(
  config: Config,
  observed: Observed,
  names: readonly string[],
  maintenance: Session,
  signal: AbortSignal,
): Promise<Reach> {
  const { target } = observed
  const known = new Map<string, ObservedRefusal | null>()
  const from = whereToProbe(observed, maintenance.database)
  // Below 16 no grant lets another do it; what stands for a superuser at a provider may.
  if (from === null || target.inRecovery) return known
  await using session = await openSession(config.target, { database: from, signal })
  for (const database of names) {
    const { source, sourceFromTarget, subscriptionCredentials: credentials } = config
    const targetVersion = session.versionNumber
    const conninfo = subscriptionConninfo({ source, database, sourceFromTarget, credentials, targetVersion })
    const answer = await probeSubscription(session, conninfo)
    known.set(database, answer)
    if (answer !== null) break
  }
  return known
}

function whereToProbe({ target, databases }: Observed, maintenance: string): string | null {
  if (target.superuser) return maintenance
  return databases.find((pair) => pair.target?.content?.canCreateSchemas === true)?.source.name ?? null
}
