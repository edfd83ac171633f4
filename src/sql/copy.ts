import { identifier, literal, qualified } from './identifier.ts'
import { rowAlias } from './row-alias.ts'
import { type RowRange, rowRangeConditions } from './row-range.ts'
import { beginUnderSnapshotSql } from './snapshot.ts'

interface CopiedTable {
  readonly oid: number
  /** A partitioned table, when rows must find their partitions anew: see plan/routed-trees.ts. */
  readonly kind: string
  /** It belongs to that extension, whose own rows stay: `predicate` names the others. */
  readonly extension: string | null
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly format: 'binary' | 'text'
}

/**
 * One message that reads a table's part under a snapshot and tells, in its only row, whether the table is still the one that
 * the snapshot saw. TRUNCATE and rewriting ALTER TABLE aren't MVCC-safe: after them an older snapshot sees an empty table.
 * The catalog's row is the snapshot's, pg_relation_filenode is today's; the COPY's lock keeps it so until the end.
 * https://www.postgresql.org/docs/current/mvcc-caveats.html
 */
export function readTableSql(table: CopiedTable, part: RowRange, snapshot: string, encoding: string): string {
  return `${beginUnderSnapshotSql(snapshot)};
copy ${copySource(table, part)} to stdout (${copyOptions(table, encoding)});
select pg_catalog.bool_and(c.relfilenode = pg_catalog.pg_relation_filenode(c.oid)) from pg_catalog.pg_class c where ${filesOf(table)};
commit`
}

/** A whole table: emptied and loaded in one transaction, so that doing it again is right whatever happened before. */
export function loadWholeSql(table: CopiedTable, encoding: string): string {
  const freeze = table.kind === 'partitioned' || table.extension !== null ? '' : ', freeze'
  return `begin;
${emptySql(table)};
copy ${copyTarget(table)} from stdin (${copyOptions(table, encoding)}${freeze})`
}

/** A part of a table that was emptied before its first part. */
export function loadPartSql(table: CopiedTable, encoding: string): string {
  return `begin;
copy ${copyTarget(table)} from stdin (${copyOptions(table, encoding)})`
}

function copySource(table: CopiedTable, part: RowRange): string {
  const conditions = [...rowRangeConditions(part, rowAlias), ...(table.predicate === null ? [] : [`(${table.predicate}\n)`])]
  if (conditions.length === 0 && table.columns.length > 0 && table.kind !== 'partitioned') return copyTarget(table)
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  return `(select ${table.columns.map(identifier).join(', ')} from ${only(table)}${qualified(table)} as ${rowAlias}${where})`
}

function copyTarget(table: CopiedTable): string {
  return table.columns.length === 0 ? qualified(table) : `${qualified(table)} (${table.columns.map(identifier).join(', ')})`
}

/** An extension's own rows stay. */
export function emptySql(table: Pick<CopiedTable, 'schema' | 'name' | 'kind' | 'extension' | 'predicate'>): string {
  if (table.extension === null) return `truncate ${only(table)}${qualified(table)}`
  return `delete from only ${qualified(table)}${table.predicate === null ? '' : ` where (${table.predicate}\n)`}`
}

function only({ kind }: Pick<CopiedTable, 'kind'>): string {
  return kind === 'partitioned' ? '' : 'only '
}

/** A partitioned table has no file; its partitions have. */
function filesOf({ oid, kind }: CopiedTable): string {
  if (kind !== 'partitioned') return `c.oid = ${oid}`
  return `c.oid in (select relid from pg_catalog.pg_partition_tree(${oid}) where isleaf) and c.relkind = 'r'`
}

/**
 * Text travels in the database's own encoding, which is the same on both sides: nothing is converted, and what is no valid
 * text of any encoding (SQL_ASCII) passes as it is.
 */
function copyOptions(table: CopiedTable, encoding: string): string {
  return table.format === 'binary' ? 'format binary' : `format text, encoding ${literal(encoding)}`
}
