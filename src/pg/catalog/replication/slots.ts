import { z } from 'zod'
import type { ObservedSlot } from '../../../plan/observed-replication.ts'
import { lsn, lsnBytesSql } from '../../../sql/lsn.ts'
import type { Session } from '../../session.ts'

const position = z.bigint().transform(lsn).nullable()

/** All slots of the server. https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
export function readSlots(session: Session): Promise<ObservedSlot[]> {
  return session.rows(
    z.object({
      name: z.string(),
      database: z.string().nullable(),
      plugin: z.string().nullable(),
      active: z.boolean(),
      activePid: z.number().nullable(),
      restartLsn: position,
      confirmedFlushLsn: position,
      walStatus: z.string().nullable(),
      safeWalBytes: z.bigint().nullable(),
    }),
    `select s.slot_name::text as "name",
            s.database::text as "database",
            s.plugin::text as "plugin",
            s.active as "active",
            s.active_pid as "activePid",
            ${lsnBytesSql('s.restart_lsn')} as "restartLsn",
            ${lsnBytesSql('s.confirmed_flush_lsn')} as "confirmedFlushLsn",
            pg_catalog.to_jsonb(s) ->> 'wal_status' as "walStatus",
            (pg_catalog.to_jsonb(s) ->> 'safe_wal_size')::pg_catalog.int8 as "safeWalBytes"
       from pg_catalog.pg_replication_slots s
      order by s.slot_name`,
  )
}
