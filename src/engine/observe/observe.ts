import { availableParallelism } from 'node:os'
import { type Config, isContinuous } from '../../config/config.ts'
import type { Emit } from '../../events.ts'
import { readNow } from '../../pg/catalog/clock.ts'
import { type CatalogDatabase, readDatabase } from '../../pg/catalog/database.ts'
import { readServer } from '../../pg/catalog/server.ts'
import { readTargetContent } from '../../pg/catalog/target-content.ts'
import { readConnectionFacts } from '../../pg/connection-facts.ts'
import { ensureClientTools } from '../../pg/install-client-tools.ts'
import type { Session } from '../../pg/session.ts'
import type { Observed, ObservedDatabase, ObservedServer, ObservedTarget } from '../../plan/observed.ts'
import { selectDatabases } from '../../scope/databases.ts'
import { mapAtMost } from './map-at-most.ts'
import { observeFilters } from './observe-filters.ts'
import { observeReplication } from './observe-replication.ts'
import { openObserver } from './open-observer.ts'
import { openServers } from './open-servers.ts'

/** Databases that are read at once; each takes a session on either side. */
const atOnce = 4

/** Reads all that decisions are made from, of both servers at once. Changes nothing, and judges nothing. */
export async function observe(config: Config, emit: Emit, signal: AbortSignal): Promise<Observed> {
  await using servers = await openServers(config, signal)
  const [source, target, now] = await Promise.all([
    observeServer(servers.source, signal),
    observeServer(servers.target, signal),
    readNow(servers.source),
  ])
  emit({ type: 'note', message: `source: PostgreSQL ${source.version} at ${source.host}:${source.port}` })
  emit({ type: 'note', message: `target: PostgreSQL ${target.version} at ${target.host}:${target.port}` })
  const tools = await ensureClientTools({ ...config, major: Math.floor(source.versionNumber / 10_000) }, emit, signal)
  const { names } = selectDatabases(config.scope, source.databases)
  const pairs = await mapAtMost(atOnce, source.databases, async (database) => {
    if (!names.includes(database.name)) return { source: database, catalog: null, target: null }
    const [catalog, onTarget] = await Promise.all([
      observeSource(config, database, signal),
      observeTarget(config, database, target, signal),
    ])
    return { source: database, catalog, target: onTarget }
  })
  const databases = await observeFilters(config, pairs, { systemIdentifier: source.systemIdentifier, now }, signal)
  const observed = { source, target, tools, processors: availableParallelism(), databases, replication: null }
  return isContinuous(config) ? { ...observed, replication: await observeReplication(config, observed, servers, signal) } : observed
}

async function observeServer(session: Session, signal: AbortSignal): Promise<ObservedServer> {
  const facts = await readConnectionFacts(session, signal)
  return { ...facts, ...(await readServer(session)) }
}

async function observeSource(
  { source }: Config,
  { name, canConnect }: ObservedDatabase,
  signal: AbortSignal,
): Promise<CatalogDatabase | null> {
  if (!canConnect) return null
  await using session = await openObserver(source, name, signal)
  return await readDatabase(session)
}

async function observeTarget(
  { target }: Config,
  { name }: ObservedDatabase,
  server: ObservedServer,
  signal: AbortSignal,
): Promise<ObservedTarget | null> {
  const database = server.databases.find((one) => one.name === name)
  if (database === undefined) return null
  if (!database.canConnect) return { database, content: null }
  await using session = await openObserver(target, name, signal)
  return { database, content: await readTargetContent(session) }
}
