import type { TableResult } from '../plan/results.ts'
import { displayName } from './names.ts'
import { dataBytes } from './totals.ts'

/** What becomes of a table, in words. */
export function methodOf({ rule, format, parts = 1 }: TableResult): string {
  const how = [format ?? '', ...(parts > 1 ? [`${parts} parts`] : [])].filter((word) => word !== '').join(', ')
  if (rule === 'copy') return how || 'copy'
  return rule === 'filtered' ? `filtered, ${how}` : rule
}

/** What became of it. */
export function outcomeOf(table: TableResult): string {
  if (table.failure !== undefined) return `failed: ${table.failure.code}`
  if (table.resumed === true) return 'already there'
  if (table.rule === 'schema-only' || table.rule === 'excluded') return table.rule
  return table.copiedRows === undefined ? 'to go' : methodOf(table)
}

/** Failures and differences first, then the largest: what follows may be left out. */
export function byImportance(a: TableResult, b: TableResult): number {
  return importance(b) - importance(a) || Number(dataBytes(b) - dataBytes(a)) || (displayName(a) < displayName(b) ? -1 : 1)
}

function importance({ failure, verify, rule }: TableResult): number {
  if (failure !== undefined || verify?.result === 'different') return 3
  if (verify?.result === 'skipped') return 2
  return rule === 'excluded' ? 0 : 1
}
