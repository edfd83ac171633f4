import { identifier, literal, qualified } from './identifier.ts'
import { ownSchema } from './own-schema.ts'
import { heartbeatName, type PublicationKind } from './replication-names.ts'

/** https://www.postgresql.org/docs/current/sql-createpublication.html */

export interface PublishedTable {
  readonly schema: string
  readonly name: string
  /** A partitioned table, published as one: its rows find their partitions anew. */
  readonly kind: string
  /** Row filter (15+); immutable, cut-off times literal. */
  readonly predicate: string | null
}

/** Always an explicit list, never FOR ALL TABLES. */
export function createPublicationSql(name: string, kind: PublicationKind, tables: readonly PublishedTable[], comment: string): string {
  const list = tables.length === 0 ? '' : ` for table ${tables.map(publishedTable).join(', ')}`
  return `create publication ${identifier(name)}${list} with (${options(kind, tables)});
comment on publication ${identifier(name)} is ${literal(comment)}`
}

/** Null where there's nothing to add. */
export function addTablesSql(name: string, tables: readonly PublishedTable[]): string | null {
  if (tables.length === 0) return null
  const viaRoot = isRouted(tables) ? `alter publication ${identifier(name)} set (publish_via_partition_root = true);\n` : ''
  return `${viaRoot}alter publication ${identifier(name)} add table ${tables.map(publishedTable).join(', ')}`
}

export function dropTablesSql(name: string, tables: readonly { readonly schema: string; readonly name: string }[]): string | null {
  return tables.length === 0
    ? null
    : `alter publication ${identifier(name)} drop table ${tables.map((one) => `only ${qualified(one)}`).join(', ')}`
}

export function dropPublicationSql(name: string): string {
  return `drop publication if exists ${identifier(name)}`
}

export function heartbeatTable(lane: number): PublishedTable {
  return { schema: ownSchema, name: heartbeatName(lane), kind: 'table', predicate: null }
}

function publishedTable({ predicate, kind, ...table }: PublishedTable): string {
  return `${kind === 'partitioned' ? '' : 'only '}${qualified(table)}${predicate === null ? '' : ` where (${predicate}\n)`}`
}

/** A tree that is routed anew is published as its top (13+). */
function options(kind: PublicationKind, tables: readonly PublishedTable[]): string {
  const publish = `publish = '${kind === 'changes' ? 'insert, update, delete, truncate' : 'insert'}'`
  return isRouted(tables) ? `${publish}, publish_via_partition_root = true` : publish
}

function isRouted(tables: readonly PublishedTable[]): boolean {
  return tables.some((one) => one.kind === 'partitioned')
}
