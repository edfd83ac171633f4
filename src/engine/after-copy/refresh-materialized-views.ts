import { type ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import { type MaterializedView, readMaterializedViews } from '../../pg/catalog/materialized-views.ts'
import type { Session } from '../../pg/session.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { qualified } from '../../sql/identifier.ts'
import { borrowedSessions } from '../borrowed-sessions.ts'
import { collectWarnings, isRefusal, serverHint } from '../warnings.ts'
import { runPool, type WorkItem } from '../work-pool.ts'

interface RefreshMaterializedViews {
  readonly source: Session
  /** Those that don't depend on each other are refreshed side by side. */
  readonly targets: readonly [Session, ...Session[]]
  readonly database: string
  /** A view that it has without rows isn't refreshed. */
  readonly plan: { readonly tables: readonly Pick<TablePlan, 'schema' | 'name' | 'rule'>[] }
  readonly emit: Emit
  readonly signal: AbortSignal
}

/**
 * Refreshes what is populated on the source, in order of dependency. A view that fails is a warning, and the others go on. The
 * sessions' empty search_path and row_security = off are what pg_restore refreshes with as well: a view that would need other
 * settings must not fill with something else in silence.
 * https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html
 */
export async function refreshMaterializedViews(
  options: RefreshMaterializedViews,
): Promise<{ readonly refreshed: number; readonly warnings: readonly Warning[] }> {
  const { source, targets, database, plan, emit, signal } = options
  const warnings = collectWarnings(emit)
  const wanted = new Set((await readMaterializedViews(source)).filter((view) => view.populated).map(qualified))
  for (const table of plan.tables) if (table.rule === 'schema-only') wanted.delete(qualified(table))
  const views = (await readMaterializedViews(targets[0])).filter((view) => wanted.has(qualified(view)))
  let failed = await refreshInOrder(targets, views, signal)
  // A view may read another through a function whose body the catalog doesn't look into: then it succeeds a round later.
  for (let before = views.length; failed.size > 0 && failed.size < before; ) {
    before = failed.size
    failed = await refreshInOrder(targets, [...failed.keys()], signal)
  }
  for (const [view, error] of failed) warnings.add(refreshFailed(view, error, database))
  return { refreshed: views.length - failed.size, warnings: warnings.list }
}

/** Each view once those that it reads are done, as many at a time as there are sessions. */
async function refreshInOrder(
  targets: readonly Session[],
  views: readonly MaterializedView[],
  signal: AbortSignal,
): Promise<Map<MaterializedView, ReplicatorError>> {
  const failed = new Map<MaterializedView, ReplicatorError>()
  const undone = new Set(views.map(({ oid }) => oid))
  const waiting = new Set(views)
  const takeReady = () => {
    const ready = [...waiting].filter((view) => !view.reads.some((oid) => undone.has(oid)))
    for (const view of ready) waiting.delete(view)
    return ready.map(item)
  }
  const item = (view: MaterializedView): WorkItem<Session> => ({
    weight: 0,
    async run(session, pool) {
      try {
        await session.run(`refresh materialized view ${qualified(view)}`)
      } catch (error) {
        if (!isRefusal(error)) throw error
        failed.set(view, error)
      }
      undone.delete(view.oid)
      for (const next of takeReady()) pool.add(next)
    },
  })
  await runPool(borrowedSessions(targets), takeReady(), signal)
  return failed
}

function refreshFailed(view: MaterializedView, error: ReplicatorError, database: string): Warning {
  const relation = qualified(view)
  return warning('refresh-failed', `materialized view ${relation} was not refreshed: ${error.message}`, {
    database,
    relation,
    hint: serverHint(error),
    sql: `REFRESH MATERIALIZED VIEW ${relation}`,
  })
}
