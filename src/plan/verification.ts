import type { RelationName } from '../events.ts'
import type { Reading } from '../sql/fingerprint.ts'
import type { RowRange } from '../sql/row-range.ts'
import type { TablePlan } from './plan.ts'

/** A table as it stands on one side. */
export interface TableLayout extends RelationName {
  readonly kind: 'table' | 'partitioned'
  /** In the table's order, generated ones included. */
  readonly columns: readonly string[]
  /** Blocks of the main fork; of a partitioned table, of its longest leaf. */
  readonly blocks: number
  /** Main fork and TOAST; of a partitioned table, of all leaves. */
  readonly bytes: bigint
}

export interface SideLayout {
  readonly versionNumber: number
  readonly tables: readonly TableLayout[]
}

/** What is done about one table: readings of both sides, or the reason why none is needed. */
export type TableComparison =
  | { readonly kind: 'skipped' | 'different'; readonly table: TablePlan; readonly reason: string }
  | {
      readonly kind: 'read'
      readonly table: TablePlan
      readonly bytes: bigint
      readonly source: readonly Reading[]
      readonly target: readonly Reading[]
    }

/** So that a statement takes seconds. */
const bytesPerStatement = 256 * 1024 * 1024

/** Biggest first, so that the longest doesn't begin last. */
export function planVerification(
  tables: readonly TablePlan[],
  source: SideLayout,
  target: SideLayout,
  bytes = bytesPerStatement,
): TableComparison[] {
  const onSource = byName(source.tables)
  const onTarget = byName(target.tables)
  const layouts = (table: TablePlan) => ({ source: onSource.get(key(table)), target: onTarget.get(key(table)) })
  const rangesOf = { source: rangesBy(source.versionNumber, bytes), target: rangesBy(target.versionNumber, bytes) }
  return tables.map((table) => compareTable(table, layouts(table), rangesOf)).sort((one, other) => Number(bytesOf(other) - bytesOf(one)))
}

const key = ({ schema, name }: RelationName) => JSON.stringify([schema, name])

const byName = (tables: readonly TableLayout[]) => new Map(tables.map((table) => [key(table), table]))

const bytesOf = (comparison: TableComparison) => (comparison.kind === 'read' ? comparison.bytes : 0n)

interface Both<T> {
  readonly source: T
  readonly target: T
}

type MakeRanges = (layout: TableLayout, keys: readonly RowRange[]) => readonly RowRange[]

function compareTable(table: TablePlan, { source, target }: Both<TableLayout | undefined>, rangesOf: Both<MakeRanges>): TableComparison {
  const skipped = skipReason(table)
  if (skipped !== undefined) return { kind: 'skipped', table, reason: skipped }
  if (source === undefined) return { kind: 'different', table, reason: 'it is no longer on the source' }
  if (target === undefined) return { kind: 'different', table, reason: 'it is missing on the target' }
  const columns = columnDifference(source.columns, target.columns)
  if (columns !== undefined) return { kind: 'different', table, reason: columns }
  // Rows that found their partition anew are compared at the top: see routed-trees.ts.
  const whole = table.kind === 'partitioned'
  const reading = { of: 'table', schema: table.schema, name: table.name, whole, columns: source.columns } as const
  const keys = table.parts.filter((part) => part.by === 'key')
  return {
    kind: 'read',
    table,
    bytes: source.bytes,
    source: sourceRanges(table, rangesOf.source(source, keys)).map((range) => ({ ...reading, predicate: table.predicate, range })),
    target: rangesOf.target(target, keys).map((range) => ({ ...reading, predicate: targetPredicate(table), range })),
  }
}

/** What comes along with a filtered table is computed once. */
function sourceRanges({ comesAlong }: TablePlan, ranges: readonly RowRange[]): readonly RowRange[] {
  return comesAlong === undefined ? ranges : [{ by: 'whole' }]
}

/** None: a row that a filter excludes has no business on the target. Extensions alone put rows of their own into their tables. */
const targetPredicate = ({ extension, predicate }: TablePlan) => (extension === null ? null : predicate)

function skipReason({ rule, kind }: TablePlan): string | undefined {
  if (rule === 'excluded') return 'excluded'
  if (kind === 'materialized-view') return 'a materialized view: its rows are made anew on the target'
  if (kind === 'foreign-table') return 'a foreign table: its rows are elsewhere'
  if (rule === 'schema-only') return 'schema only: its rows are not replicated'
  if (rule === 'empty' && kind === 'table') return "its rows are compared with its partitioned table's"
  if (rule === 'empty') return 'it has no rows of its own'
  return undefined
}

function columnDifference(source: readonly string[], target: readonly string[]): string | undefined {
  const missing = source.filter((column) => !target.includes(column))
  const extra = target.filter((column) => !source.includes(column))
  const said = [listed('missing on the target', missing), listed('extra on the target', extra)].filter((one) => one !== undefined)
  return said.length === 0 ? undefined : said.join('; ')
}

function listed(what: string, columns: readonly string[]): string | undefined {
  if (columns.length === 0) return undefined
  return `${columns.length === 1 ? 'column' : 'columns'} ${what}: ${columns.join(', ')}`
}

/**
 * TID range scans exist from 14 on; before that, the ranges of keys which the copy goes by are the only ones to be had.
 * https://www.postgresql.org/docs/14/release-14.html
 */
function rangesBy(version: number, bytesPerRange: number): MakeRanges {
  return ({ blocks, bytes }, keys) => {
    if (Number(bytes) <= bytesPerRange) return [{ by: 'whole' }]
    if (version < 140000) return keys.length > 1 ? keys : [{ by: 'whole' }]
    const count = Math.min(blocks, Math.ceil(Number(bytes) / bytesPerRange))
    const bound = (index: number) => (index === 0 || index === count ? null : Math.floor((blocks * index) / count))
    return Array.from({ length: count }, (_, index) => ({ by: 'ctid', from: bound(index), to: bound(index + 1) }))
  }
}
