import { z } from 'zod'
import type { SubscriptionParts } from '../../../plan/compose-replication-state.ts'
import type { SyncState, WorkerErrors } from '../../../plan/replication-state.ts'
import { lsn, lsnBytesSql } from '../../../sql/lsn.ts'
import type { Session } from '../../session.ts'

/** How the database's subscriptions are doing, by oid. https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SUBSCRIPTION */
export async function readSubscriptionStates(session: Session): Promise<ReadonlyMap<number, SubscriptionParts>> {
  const errors = await readErrors(session)
  const rows = await session.rows(
    z.object({
      oid: z.number(),
      workerPid: z.number().nullable(),
      syncWorkers: z.number(),
      receivedLsn: z.bigint().transform(lsn).nullable(),
      silentSeconds: z.number().nullable(),
      tables: z.array(table),
    }),
    `select s.oid,
            w.pid as "workerPid",
            (select count(*)::int from pg_catalog.pg_stat_subscription y where y.subid = s.oid and y.relid is not null) as "syncWorkers",
            ${lsnBytesSql('w.received_lsn')} as "receivedLsn",
            extract(epoch from pg_catalog.clock_timestamp() - w.last_msg_receipt_time)::pg_catalog.float8 as "silentSeconds",
            coalesce((
              select pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname, r.srsubstate) order by n.nspname, c.relname)
                from pg_catalog.pg_subscription_rel r
                join pg_catalog.pg_class c on c.oid = r.srrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where r.srsubid = s.oid), '[]') as "tables"
       from pg_catalog.pg_subscription s
       left join lateral (
              select *
                from pg_catalog.pg_stat_subscription w
               where w.subid = s.oid and w.relid is null and w.pid is not null and pg_catalog.to_jsonb(w) ->> 'leader_pid' is null
               limit 1) w on true
      where s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())`,
  )
  return new Map(rows.map((row) => [row.oid, { ...row, errors: errors.get(row.oid) ?? null }]))
}

const states: Readonly<Record<'i' | 'd' | 'f' | 's' | 'r', SyncState>> = {
  i: 'initialize',
  d: 'copying',
  f: 'copied',
  s: 'synchronized',
  r: 'ready',
}

const table = z
  .tuple([z.string(), z.string(), z.enum(['i', 'd', 'f', 's', 'r'])])
  .transform(([schema, name, state]) => ({ schema, name, state: states[state] }))

/** Kinds of conflicts become more from major to major, as columns. */
async function readErrors(session: Session): Promise<ReadonlyMap<number, WorkerErrors>> {
  if (session.versionNumber < 150_000) return new Map()
  const rows = await session.rows(
    z.object({ oid: z.number(), apply: z.bigint(), sync: z.bigint(), counters: z.record(z.string(), z.unknown()) }),
    `select subid as "oid",
            apply_error_count as "apply",
            coalesce(pg_catalog.to_jsonb(s) ->> 'sync_error_count', pg_catalog.to_jsonb(s) ->> 'sync_table_error_count')::pg_catalog.int8 as "sync",
            pg_catalog.to_jsonb(s) as "counters"
       from pg_catalog.pg_stat_subscription_stats s`,
  )
  return new Map(rows.map(({ oid, apply, sync, counters }) => [oid, { apply, sync, conflicts: conflictsOf(counters) }]))
}

function conflictsOf(counters: Readonly<Record<string, unknown>>): WorkerErrors['conflicts'] {
  const counts = Object.entries(counters).filter(([name, count]) => name.startsWith('confl_') && Number(count) > 0)
  return counts.map(([name, count]) => ({ kind: name.slice('confl_'.length), count: BigInt(Number(count)) }))
}
