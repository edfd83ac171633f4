import { z } from 'zod'
import type { SenderState } from '../../../plan/replication-state.ts'
import type { Session } from '../../session.ts'

/** Who sends from this server, by pid. https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW */
export async function readSenders(session: Session): Promise<ReadonlyMap<number, SenderState>> {
  const seconds = z.number().nullable()
  const rows = await session.rows(
    z.object({ pid: z.number(), state: z.string().nullable(), writeLag: seconds, flushLag: seconds, replayLag: seconds }),
    `select pid,
            state,
            extract(epoch from write_lag)::pg_catalog.float8 as "writeLag",
            extract(epoch from flush_lag)::pg_catalog.float8 as "flushLag",
            extract(epoch from replay_lag)::pg_catalog.float8 as "replayLag"
       from pg_catalog.pg_stat_replication`,
  )
  return new Map(rows.map((row) => [row.pid, row]))
}
