import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { type Problem, ReplicatorError } from '../../errors.ts'
import { readSystemIdentifier } from '../../pg/catalog/system-identifier.ts'
import { readConnectionFacts } from '../../pg/connection-facts.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import type { Session } from '../../pg/session.ts'
import type { ServerSummary } from '../../plan/plan.ts'
import { selectDatabases } from '../../scope/databases.ts'

export interface ReachedServer {
  readonly session: Session
  readonly summary: ServerSummary
  /** That we may connect to. */
  readonly databases: readonly string[]
}

/** Null: it can't be reached, as `problems` tell. */
export interface Reached extends AsyncDisposable {
  readonly source: ReachedServer | null
  readonly target: ReachedServer | null
  /** Names in scope, of databases that either has. */
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
  /** Of the scope. */
  readonly mistakes: readonly Problem[]
}

/** Opens what can be opened: one side may be gone for good, and the other one is cleaned all the same. */
export async function reachServers({ source, target, scope }: Config, signal: AbortSignal): Promise<Reached> {
  const [one, other] = await Promise.allSettled([openMaintenanceSession(source, signal), openMaintenanceSession(target, signal)])
  const sessions = [one, other].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const close = async () => void (await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]())))
  try {
    const problems = [...problemsOf('source', one), ...problemsOf('target', other)]
    const [onSource, onTarget] = await Promise.all([look(one, signal), look(other, signal)])
    const all = [...(onSource?.all ?? []), ...(onTarget?.all ?? [])]
    const selected = selectDatabases(
      scope,
      all.filter(({ name }, at) => all.findIndex((first) => first.name === name) === at),
    )
    // What a server that can't be reached has, nobody knows.
    const mistakes = problems.length > 0 ? [] : selected.problems
    return { source: onSource, target: onTarget, names: selected.names, problems, mistakes, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

function problemsOf(side: 'source' | 'target', result: PromiseSettledResult<Session>): Problem[] {
  if (result.status === 'fulfilled') return []
  if (!(result.reason instanceof ReplicatorError)) throw result.reason
  const { finding } = result.reason
  return [{ ...finding, message: `The ${side} can't be used: ${finding.message}` }]
}

const databaseRow = z.object({ name: z.string(), isTemplate: z.boolean(), allowConnections: z.boolean(), canConnect: z.boolean() })

async function look(result: PromiseSettledResult<Session>, signal: AbortSignal) {
  if (result.status === 'rejected') return null
  const session = result.value
  const { host, port } = await readConnectionFacts(session, signal)
  const { version } = await session.one(z.object({ version: z.string() }), `select pg_catalog.current_setting('server_version') as version`)
  const all = await session.rows(
    databaseRow,
    `select d.datname::text as "name",
            d.datistemplate as "isTemplate",
            d.datallowconn and d.datconnlimit <> -2 as "allowConnections",
            d.datallowconn and d.datconnlimit <> -2 and coalesce(pg_catalog.has_database_privilege(d.oid, 'connect'), false) as "canConnect"
       from pg_catalog.pg_database d
      order by d.datname`,
  )
  const { versionNumber } = session
  const summary = { host, port, version, versionNumber, systemIdentifier: await readSystemIdentifier(session) }
  return { session, summary, all, databases: all.filter(({ canConnect }) => canConnect).map(({ name }) => name) }
}
