import { z } from 'zod'
import type { ChunkShare } from '../../plan/observed.ts'
import { identifier, literal } from '../../sql/identifier.ts'
import { rowAlias } from '../../sql/row-alias.ts'
import type { Session } from '../session.ts'

/**
 * Of one hypertable's chunks, by oid; of those that aren't bounded by that column, nothing is known. `predicate` holds from some moment on.
 * Bounds are microseconds since 1970, the upper one exclusive, whatever the column's type.
 */
export async function readChunkShares(
  session: Session,
  hypertableId: number,
  column: { readonly name: string; readonly type: string },
  predicate: string,
): Promise<ReadonlyMap<number, ChunkShare>> {
  const name = identifier(column.name)
  const instant = (bound: string) => `case when abs(${bound}::numeric) < 9e15 then pg_catalog.to_timestamp(${bound} / 1e6)
                     when ${bound} < 0 then '-infinity' else 'infinity' end`
  const isInstant = column.type.includes('with time zone')
  const moment = (bound: string) => (isInstant ? instant(bound) : `((${instant(bound)}) at time zone 'UTC')::${column.type}`)
  const passes = (bound: string) => `(select (${predicate}\n) from (select ${moment(bound)} as ${name}) as ${rowAlias})`
  const rows = await session.rows(
    z.object({ oid: z.number(), first: z.boolean(), last: z.boolean() }),
    `select c.oid,
            ${passes('s.range_start')} as "first",
            ${passes('(s.range_end - 1)')} as "last"
       from _timescaledb_catalog.chunk k
       join _timescaledb_catalog.chunk_constraint b on b.chunk_id = k.id
       join _timescaledb_catalog.dimension_slice s on s.id = b.dimension_slice_id
       join _timescaledb_catalog.dimension d on d.id = s.dimension_id
       join pg_catalog.pg_namespace n on n.nspname = k.schema_name
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = k.table_name
      where k.hypertable_id = ${hypertableId}
        and d.column_name = ${literal(column.name)}`,
  )
  return new Map(rows.map(({ oid, first, last }) => [oid, first ? 'all' : last ? 'some' : 'none']))
}
