import type { Selection } from '../scope/scope-database.ts'
import type { ObservedCatalog, ObservedRelation } from './observed.ts'

/** Ids of hypertables, by the columns that hold them in TimescaleDB's own tables. */
const hypertableColumns = ['hypertable_id', 'mat_hypertable_id', 'raw_hypertable_id', 'materialization_id']

/** Tables and chunks by name, as TimescaleDB's catalog knows them. */
const namedTables = `(select id as hypertable_id, schema_name, table_name from _timescaledb_catalog.hypertable
  union all select hypertable_id, schema_name, table_name from _timescaledb_catalog.chunk)`

/** Of TimescaleDB's own tables, the rows about hypertables that aren't left out: what isn't on the target mustn't be in its catalog. */
export function timescaleCondition(
  { schema, name, columns, extensionData }: ObservedRelation,
  { hypertables }: Pick<ObservedCatalog, 'hypertables'>,
  selections: ReadonlyMap<number, Selection>,
): string | null {
  const excluded = hypertables.filter(({ oid }) => selections.get(oid)?.rule === 'excluded')
  if (extensionData?.extension !== 'timescaledb' || excluded.length === 0) return null
  const ids = `any ('{${excluded.map(({ id }) => id).join(',')}}'::int[])`
  const isExcluded = (column: string): string | undefined => {
    if (column === 'id' && schema === '_timescaledb_catalog' && name === 'hypertable') return `id = ${ids}`
    if (hypertableColumns.includes(column)) return `${column} = ${ids}`
    if (column === 'chunk_id') return `chunk_id in (select id from _timescaledb_catalog.chunk where hypertable_id = ${ids})`
    if (column === 'dimension_id') return `dimension_id in (select id from _timescaledb_catalog.dimension where hypertable_id = ${ids})`
    if (column === 'relid')
      return `relid::pg_catalog.oid in (select c.oid from ${namedTables} t
        join pg_catalog.pg_namespace n on n.nspname = t.schema_name
        join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.table_name where t.hypertable_id = ${ids})`
    return undefined
  }
  const conditions = columns.flatMap((column) => isExcluded(column.name) ?? []).map((one) => `(${one}) is not true`)
  return conditions.length === 0 ? null : conditions.join(' and ')
}

/**
 * Compressed rows are in tables with columns of their own, which no filter can be put to: of a chunk that a window of time takes whole they're
 * copied whole, else not at all; a chunk that it takes in part is refused, see rules/timescaledb.ts.
 */
export function withCompressedChunks(
  { hypertables, filters }: Pick<ObservedCatalog, 'hypertables' | 'filters'>,
  selections: ReadonlyMap<number, Selection>,
): ReadonlyMap<number, Selection> {
  const decided = new Map(selections)
  for (const { oid, compressedOid, compressedChunks } of hypertables) {
    const selection = selections.get(oid)
    if (selection?.rule !== 'filtered') continue
    const shares = filters.get(selection.filterOid)?.compressedChunks
    if (compressedOid !== null) decided.set(compressedOid, { ...selection, rule: 'full' })
    for (const { chunk, storage } of compressedChunks) {
      decided.set(storage, { ...selection, rule: shares?.get(chunk) === 'all' ? 'full' : 'schema-only' })
    }
  }
  return decided
}
