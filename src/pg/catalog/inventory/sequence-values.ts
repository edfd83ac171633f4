import { qualified } from '../../../sql/identifier.ts'

/** All sequences, and whether our role may read where they stand. */
export const sequencesQuery = `
  select x.oid, n.nspname as schema, x.relname as name, s.readable
    from pg_catalog.pg_class x
    join pg_catalog.pg_namespace n on n.oid = x.relnamespace
   cross join lateral (
     select case when x.relkind = 'S' then pg_catalog.has_sequence_privilege(x.oid, 'select') and pg_catalog.has_schema_privilege(n.oid, 'usage') end as readable
   ) s
   where x.relkind = 'S'
     and n.nspname !~ '^pg_'`

interface Sequence {
  readonly oid: number
  readonly schema: string
  readonly name: string
}

/** Where they stand. Until 18 each must be read by itself, and no function tells `is_called`: so many in one statement. */
export function sequenceValuesQuery(sequences: readonly Sequence[]): string {
  return sequences
    .map((one) => `select ${one.oid}::pg_catalog.oid as oid, last_value, is_called from ${qualified(one)}`)
    .join('\nunion all\n')
}
