import { literal } from './identifier.ts'

/** Begins a transaction that reads what an exported snapshot sees, and can write nothing. */
export function beginUnderSnapshotSql(snapshot: string): string {
  return `begin isolation level repeatable read, read only;\nset transaction snapshot ${literal(snapshot)}`
}

/**
 * Whether a table (schema and name) is still the one that the transaction's snapshot sees. TRUNCATE and rewriting ALTER TABLE aren't MVCC-safe:
 * after them an older snapshot sees an empty table. The catalog's row is the snapshot's, pg_relation_filenode is today's.
 * https://www.postgresql.org/docs/current/mvcc-caveats.html
 */
export const sameFilesSql = `select coalesce(pg_catalog.bool_and(f.relfilenode = pg_catalog.pg_relation_filenode(f.oid)), false) as same
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 cross join lateral (
   select c.oid where c.relkind = 'r'
   union all
   select p.relid from pg_catalog.pg_partition_tree(c.oid) p where c.relkind = 'p' and p.isleaf) leaf
  join pg_catalog.pg_class f on f.oid = leaf.oid
 where n.nspname = $1 and c.relname = $2`
