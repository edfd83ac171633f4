import { qualified } from '../../../sql/identifier.ts'

/** Sequences whose values our role may read. */
export const readableSequencesQuery = `
  select x.oid, n.nspname as schema, x.relname as name
    from pg_catalog.pg_class x
    join pg_catalog.pg_namespace n on n.oid = x.relnamespace
   where x.relkind = 'S'
     and n.nspname !~ '^pg_'
     and case when x.relkind = 'S' then pg_catalog.has_sequence_privilege(x.oid, 'select') end`

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
