import { z } from 'zod'
import type { Session } from '../session.ts'

export interface LargeObjectBounds {
  readonly count: bigint
  /** Of all large objects together, as stored. */
  readonly bytes: bigint
  /** Every thousandth oid: where one statement's share ends and the next begins. */
  readonly bounds: readonly number[]
}

export function readLargeObjectBounds(session: Session): Promise<LargeObjectBounds> {
  return session.one(
    largeObjects,
    `select pg_catalog.count(*) as count,
            pg_catalog.pg_relation_size('pg_catalog.pg_largeobject') as bytes,
            coalesce(pg_catalog.json_agg(m.oid::int8 order by m.oid) filter (where m.number % 1000 = 0), '[]') as bounds
     from (select oid, pg_catalog.row_number() over (order by oid) as number from pg_catalog.pg_largeobject_metadata) m`,
  )
}

const largeObjects = z.object({ count: z.bigint(), bytes: z.bigint(), bounds: z.array(z.number()) })
