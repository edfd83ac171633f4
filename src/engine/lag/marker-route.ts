import { z } from 'zod'
import type { Session } from '../../pg/session.ts'
import type { LagMeasure } from '../../plan/lag-measure.ts'
import type { LaneState } from '../../plan/replication-state.ts'
import { lastBeatSql } from '../../sql/heartbeat.ts'
import { lsnBytesSql } from '../../sql/lsn.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { arrivedBeat, beat } from './heartbeat.ts'

/** A way for markers from source to target, numbered in the order in which they're sent. */
export interface MarkerRoute {
  readonly by: NonNullable<LagMeasure['by']>
  send(): Promise<bigint>
  /** The last one that has arrived. */
  arrived(): Promise<bigint>
  /** The last one that any run has sent, and how many seconds ago; null: not known. */
  last(): Promise<{ readonly marker: bigint; readonly seconds: number } | null>
  /** Seconds that may pass until an arrival is told of. */
  readonly coarse: number
}

/** The row of our own table. */
export function heartbeatRoute(source: Session, target: Session, lane: number): MarkerRoute {
  return {
    by: 'heartbeat',
    coarse: 0,
    send: () => beat(source, lane),
    arrived: () => arrivedBeat(target, lane),
    last: () => source.one(z.object({ marker: z.bigint(), seconds: z.number() }), lastBeatSql(lane)),
  }
}

/**
 * Without a table: a message in the log that no one reads, and what the slot has confirmed.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION
 */
export async function messageRoute(source: Session, target: Session, { slotName }: Pick<LaneState, 'slotName'>): Promise<MarkerRoute> {
  const position = z.object({ position: z.bigint() })
  const { seconds } = await target.one(
    z.object({ seconds: z.number() }),
    `select setting::pg_catalog.float8 as seconds from pg_catalog.pg_settings where name = 'wal_receiver_status_interval'`,
  )
  return {
    by: 'message',
    coarse: seconds,
    async send() {
      const sent = await source.one(position, `select ${lsnBytesSql('pg_catalog.pg_logical_emit_message(true, $1, $2)')} as position`, [
        ownSchema,
        '',
      ])
      return sent.position
    },
    async arrived() {
      const [slot] = await source.rows(
        position,
        `select ${lsnBytesSql('confirmed_flush_lsn')} as position
           from pg_catalog.pg_replication_slots
          where slot_name = $1 and confirmed_flush_lsn is not null`,
        [slotName],
      )
      return slot?.position ?? 0n
    },
    last: async () => null,
  }
}
