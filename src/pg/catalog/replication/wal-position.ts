import { z } from 'zod'
import { type Lsn, lsn, lsnBytesSql } from '../../../sql/lsn.ts'
import type { Session } from '../../session.ts'

/** Up to where the server has written, and its clock in seconds; null for a standby, which writes nothing. */
export async function readWalPosition(session: Session): Promise<{ readonly position: Lsn; readonly at: number } | null> {
  const { position, at } = await session.one(
    z.object({ position: z.bigint().nullable(), at: z.number() }),
    `select case when not pg_catalog.pg_is_in_recovery() then ${lsnBytesSql('pg_catalog.pg_current_wal_lsn()')} end as position,
            extract(epoch from pg_catalog.clock_timestamp())::pg_catalog.float8 as at`,
  )
  return position === null ? null : { position: lsn(position), at }
}
