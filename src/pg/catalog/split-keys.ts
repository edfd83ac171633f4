import { z } from 'zod'
import type { ObservedRelation } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

/**
 * Bounds for parts by key, from the histogram of a primary key of one column: a unique column has no most common values, so the
 * histogram covers all of it. For those tables alone, as histograms are long.
 * https://www.postgresql.org/docs/current/view-pg-stats.html
 */
export async function readSplitKeys(
  session: Session,
  oids: readonly number[],
): Promise<ReadonlyMap<number, NonNullable<ObservedRelation['splitKey']>>> {
  if (oids.length === 0) return new Map()
  const rows = await session.rows(
    z.object({ oid: z.number(), column: z.string(), bounds: z.array(z.string()) }),
    `select c.oid as "oid",
            a.attname::text as "column",
            s.histogram_bounds::text::text[] as "bounds"
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
      where c.oid = any ($1::oid[])
        and s.histogram_bounds is not null`,
    [oids],
  )
  return new Map(rows.map(({ oid, ...key }) => [oid, key]))
}
