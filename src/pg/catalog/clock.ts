import { z } from 'zod'
import type { CutOff } from '../../scope/predicate.ts'
import type { Session } from '../session.ts'

/** The server's clock, in UTC as our sessions are. */
export async function readNow(session: Session): Promise<string> {
  return (await session.one(z.object({ now: z.string() }), 'select pg_catalog.now()::text as now')).now
}

/**
 * Where windows begin that end at `asOf`, by window. `local` is what the clock showed in the time zone that the database's own
 * sessions have: what a `timestamp without time zone` most likely means.
 */
export async function readCutOffs(session: Session, asOf: string, windows: readonly string[]): Promise<ReadonlyMap<string, CutOff>> {
  if (windows.length === 0) return new Map()
  const rows = await session.rows(
    z.object({ window: z.string(), instant: z.string(), local: z.string() }),
    `select w as window,
            ($1::timestamptz - w::interval)::text as instant,
            (($1::timestamptz at time zone s.reset_val) - w::interval)::text as local
       from pg_catalog.unnest($2::text[]) w
      cross join pg_catalog.pg_settings s
      where s.name = 'TimeZone'`,
    [asOf, windows],
  )
  return new Map(rows.map(({ window, instant, local }) => [window, { instant, local }]))
}
