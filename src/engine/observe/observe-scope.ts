import type { Config } from '../../config/config.ts'
import { readNow } from '../../pg/catalog/clock.ts'
import type { Observed } from '../../plan/observed.ts'
import { observeFilters } from './observe-filters.ts'
import { openObserver } from './open-observer.ts'

/** The same two servers under another scope: what was observed of all their databases stays, only what depends on the scope is read. */
export async function observeScope(config: Config, observed: Observed, signal: AbortSignal): Promise<Observed> {
  await using session = await openObserver(config.source, config.source.database, signal)
  const moment = { systemIdentifier: observed.source.systemIdentifier, now: await readNow(session) }
  return { ...observed, databases: await observeFilters(config, observed.databases, moment, signal) }
}
