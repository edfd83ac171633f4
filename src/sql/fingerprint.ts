import { identifier, qualified } from './identifier.ts'
import { rowAlias } from './row-alias.ts'
import { type RowRange, rowRangeConditions } from './row-range.ts'

/** What one statement reads: rows of a table, or the large objects whose oid is in a range. */
export type Reading =
  | {
      readonly of: 'table'
      readonly schema: string
      readonly name: string
      /** Rows of partitions too. */
      readonly whole: boolean
      readonly columns: readonly string[]
      readonly predicate: string | null
      readonly range: RowRange
    }
  /** From (inclusive) to (exclusive); null: open end. */
  | { readonly of: 'large-objects'; readonly from: number | null; readonly to: number | null }

/**
 * Count and two sums of 64-bit hashes, as columns `rows`, `first` and `second`. A sum counts equal rows as often as they are there,
 * where XOR would let pairs of them vanish. `utf8`: hash the text as UTF-8, for databases whose encodings differ.
 * https://www.postgresql.org/docs/current/functions-aggregate.html
 */
export function fingerprintQuery(reading: Reading, utf8: boolean): string {
  return reading.of === 'table' ? tableQuery(reading, utf8) : largeObjectsQuery(reading)
}

function tableQuery({ schema, name, whole, columns, predicate, range }: Extract<Reading, { of: 'table' }>, utf8: boolean): string {
  const text = `row(${columns.map((column) => `${rowAlias}.${identifier(column)}`).join(', ')})::pg_catalog.text`
  // A predicate may end in a comment.
  const conditions = [...rowRangeConditions(range, rowAlias), ...(predicate === null ? [] : [`(${predicate}\n)`])]
  return `${sums('pg_catalog.count(*)')}
    from (
      select ${utf8 ? asUtf8(text) : text} as line
      from ${whole ? '' : 'only '}${qualified({ schema, name })} as ${rowAlias}
      ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      -- Not to be inlined: the text would be made once for each hash.
      offset 0
    ) r`
}

/** Pieces of 256 KiB through descriptors and lo_get, as pg_largeobject itself may be read by superusers only. */
function largeObjectsQuery({ from, to }: Extract<Reading, { of: 'large-objects' }>): string {
  const conditions = ['true', ...(from === null ? [] : [`m.oid >= ${from}`]), ...(to === null ? [] : [`m.oid < ${to}`])]
  return `${sums('pg_catalog.count(*) filter (where r.start = 0)')}
    from (
      select p.start,
             pg_catalog.format('%s %s %s', l.oid, p.start,
               pg_catalog.encode(pg_catalog.sha256(pg_catalog.lo_get(l.oid, p.start, 262144)), 'hex')) as line
      from (
        select o.oid, o.fd, pg_catalog.lo_lseek64(o.fd, 0, 2) as size
        from (
          select m.oid, pg_catalog.lo_open(m.oid, 262144) as fd
          from pg_catalog.pg_largeobject_metadata m
          where ${conditions.join(' and ')}
          offset 0
        ) o
        offset 0
      ) l
      cross join lateral pg_catalog.generate_series(0, greatest(l.size - 1, 0), 262144) as p(start)
      where pg_catalog.lo_close(l.fd) = 0
      offset 0
    ) r`
}

const sums = (count: string) => `
    select ${count} as rows,
           coalesce(pg_catalog.sum(${hash(0)}), 0)::pg_catalog.text as first,
           coalesce(pg_catalog.sum(${hash(1)}), 0)::pg_catalog.text as second`

const hash = (seed: number) => `pg_catalog.hashtextextended(r.line collate pg_catalog."C", ${seed})`

const asUtf8 = (text: string) => `pg_catalog.encode(pg_catalog.convert_to(${text}, 'UTF8'), 'hex')`
