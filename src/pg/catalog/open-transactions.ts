import { z } from 'zod'
import type { ObservedServer } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

/** Seconds after which a transaction counts as long: it delays slots, and locks that it holds delay us. */
const longSeconds = 60

export async function readLongTransactions(session: Session): Promise<ObservedServer['longTransactions']> {
  return session.rows(
    z.object({ pid: z.number(), user: z.string(), database: z.string(), application: z.string(), seconds: z.number(), state: z.string() }),
    `select pid,
            coalesce(usename, '')::text as "user",
            coalesce(datname, '')::text as "database",
            coalesce(application_name, '') as "application",
            floor(extract(epoch from pg_catalog.clock_timestamp() - xact_start))::int as "seconds",
            coalesce(state, '') as "state"
       from pg_catalog.pg_stat_activity
      where xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => $1)
        and backend_type = 'client backend'
        and pid <> pg_catalog.pg_backend_pid()
      order by xact_start`,
    [longSeconds],
  )
}

export async function readPreparedTransactions(session: Session): Promise<ObservedServer['preparedTransactions']> {
  return session.rows(
    z.object({ gid: z.string(), database: z.string(), owner: z.string(), seconds: z.number() }),
    `select gid,
            database::text,
            owner::text,
            floor(extract(epoch from pg_catalog.clock_timestamp() - prepared))::int as seconds
       from pg_catalog.pg_prepared_xacts
      order by prepared`,
  )
}
