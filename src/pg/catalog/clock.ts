import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import type { CutOff } from '../../scope/predicate.ts'
import { literal } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'
import { evaluate } from './frozen-values.ts'

/** The server's clock, in UTC as our sessions are. */
export async function readNow(session: Session): Promise<string> {
  return (await session.one(z.object({ now: z.string() }), 'select pg_catalog.now()::text as now')).now
}

/**
 * Where windows begin that end at `asOf`, by window; none where the calendar ends before. Counted as the database's own sessions do: days and
 * more go by the clock of their time zone, which summer time sets, hours and less by time that passed.
 */
export async function readCutOffs(session: Session, asOf: string, windows: readonly string[]): Promise<ReadonlyMap<string, CutOff>> {
  const cutOffs = new Map<string, CutOff>()
  for (const window of windows) {
    const found = await withinCalendar(() => evaluate(session, cutOffSql(asOf, window)))
    const [instant, local, day] = found.map(({ value }) => value)
    if (instant != null && local != null && day != null) cutOffs.set(window, { instant, local, day })
  }
  return cutOffs
}

/**
 * What column must at least show, by type, to be compared as `column >= now() - interval`. A clock that is set back shows an hour twice, of which PostgreSQL
 * means the second: then the first moment of that hour is what separates, and transitions are at full minutes.
 */
function cutOffSql(asOf: string, window: string) {
  const instant = `(${literal(asOf)}::timestamptz - ${literal(window)}::interval)`
  const local = `${instant}::timestamp`
  const hours = `pg_catalog.generate_series(pg_catalog.date_trunc('minute', ${local}) - interval '3 hours', ${local}, interval '1 minute')`
  const first = `(select pg_catalog.min(p) from ${hours} p where p::timestamptz >= ${instant})`
  const days = `(values (${local}::date), (${local}::date + 1))`
  return [
    instant,
    `case when ${local}::timestamptz = ${instant} then ${local} else ${first} end`,
    `(select pg_catalog.min(d) from ${days} v(d) where d::timestamptz >= ${instant})`,
  ].map((sql) => ({ sql, comparedWith: [] }))
}

/** Nothing, where the server says that a date is out of range (class 22, data exceptions). */
async function withinCalendar<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ReplicatorError && error.server?.sqlstate.startsWith('22') === true) return []
    throw error
  }
}
