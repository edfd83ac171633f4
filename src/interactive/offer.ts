import type { Observed, ObservedRelation } from '../plan/observed.ts'
import { tableBytes } from '../plan/parts.ts'
import type { Plan, TablePlan } from '../plan/plan.ts'
import { wholesOf } from '../plan/wholes.ts'
import { groupBy } from '../scope/group-by.ts'
import { datedColumns } from '../scope/predicate.ts'
import { isWritable } from './is-writable.ts'

/** What there is to choose from, largest first where sizes are known. */
export interface Offer {
  readonly databases: readonly OfferedDatabase[]
  /** Databases and tables whose names no rule can spell, and which therefore aren't in question. */
  readonly withheld: readonly string[]
}

export interface OfferedDatabase {
  readonly name: string
  readonly bytes: bigint
  readonly tables: readonly OfferedTable[]
}

export interface OfferedTable {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly rows: bigint
  readonly bytes: bigint
  /** Columns that a window of time can be put on. */
  readonly dated: readonly string[]
}

/** From the plan of everything: a partitioned table stands for its partitions and has their size. */
export function offerOf(observed: Observed, everything: Plan): Offer {
  const withheld: string[] = []
  const databases = everything.databases.flatMap((database): OfferedDatabase[] => {
    if (!isWritable(database.name)) {
      withheld.push(database.name)
      return []
    }
    const catalog = observed.databases.find(({ source }) => source.name === database.name)?.catalog
    const relations = new Map(catalog?.relations.map((relation) => [relation.oid, relation]))
    const tables = withParts(database.tables).flatMap((table) => offeredTable(table, relations.get(table.oid)))
    const [writable, unwritable] = [tables.filter(hasWritableNames), tables.filter((table) => !hasWritableNames(table))]
    withheld.push(...unwritable.map(({ schema, name }) => `${database.name}.${schema}.${name}`))
    const bytes = database.source.bytes ?? tables.reduce((sum, table) => sum + table.bytes, 0n)
    return [{ name: database.name, bytes, tables: writable.sort(largestFirst) }]
  })
  return { databases, withheld }
}

/** A hypertable has the size of its chunks. */
function withParts(tables: readonly TablePlan[]): TablePlan[] {
  const wholes = wholesOf(tables)
  const parts = groupBy(tables, ({ oid }) => wholes.get(oid))
  return tables.map((table) => {
    const sum = (key: 'estimatedRows' | 'heapBytes' | 'toastBytes') =>
      (parts.get(table.oid) ?? [table]).reduce((total, one) => total + one[key], 0n)
    return { ...table, estimatedRows: sum('estimatedRows'), heapBytes: sum('heapBytes'), toastBytes: sum('toastBytes') }
  })
}

/** Partitions are chosen with the table that they're partitions of, what an extension brought comes with that. */
function offeredTable(table: TablePlan, relation: ObservedRelation | undefined): OfferedTable[] {
  if (relation === undefined || relation.isPartition || relation.partOf !== null || table.extension !== null) return []
  const { oid, schema, name, kind, estimatedRows: rows } = table
  const dated = kind === 'table' || kind === 'partitioned' ? datedColumns(relation.columns) : []
  return [{ oid, schema, name, rows, bytes: tableBytes(table), dated: dated.filter(isWritable) }]
}

function hasWritableNames({ schema, name }: OfferedTable): boolean {
  return isWritable(schema) && isWritable(name)
}

function largestFirst(a: OfferedTable, b: OfferedTable): number {
  if (a.bytes !== b.bytes) return a.bytes > b.bytes ? -1 : 1
  return `${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1
}
