/** A position in the write-ahead log, in bytes. https://www.postgresql.org/docs/current/datatype-pg-lsn.html */
export type Lsn = bigint & { readonly lsn: unique symbol }

export function lsn(bytes: bigint): Lsn {
  return bytes as Lsn
}

/** `16/B374D848`. */
export function formatLsn(position: Lsn): string {
  return `${(position >> 32n).toString(16).toUpperCase()}/${(position & 0xffff_ffffn).toString(16).toUpperCase()}`
}

/** An expression of type pg_lsn as `int8`, NULL where it is. */
export function lsnBytesSql(expression: string): string {
  return `((${expression})::pg_catalog.pg_lsn - '0/0'::pg_catalog.pg_lsn)::pg_catalog.int8`
}
