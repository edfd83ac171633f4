import { z } from 'zod'
import type { ObservedServer } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

/** pg_stat_database is counted, since pg_stat_activity hides other roles' kind of backend from plain users. */
export async function readConnections(session: Session): Promise<ObservedServer['connections']> {
  return session.one(
    z.object({ maximum: z.number(), reserved: z.number(), used: z.number() }),
    `select pg_catalog.current_setting('max_connections')::int as maximum,
            pg_catalog.current_setting('superuser_reserved_connections')::int
              + coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::int as reserved,
            (select coalesce(sum(numbackends), 0)::int from pg_catalog.pg_stat_database) as used`,
  )
}
