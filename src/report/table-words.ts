import type { TableResult } from '../plan/results.ts'
import { displayName } from './names.ts'
import { dataBytes } from './totals.ts'

/** What becomes of a table, in words. */
export function methodOf(table: TableResult): string {
  const { rule, format, parts = 1 } = table
  const how = [format ?? '', ...(parts > 1 ? [`${parts} parts`] : [])].filter((word) => word !== '').join(', ')
  if (rule !== 'copy' && rule !== 'filtered') return rule
  const what = rule === 'copy' ? how || 'copy' : `filtered, ${how}`
  return [table.tableSync === true ? 'left to table synchronisation' : what, ...followedWords(table)].join(', ')
}

/** What is to be said of a table that replication follows in part, or not at all. */
function followedWords({ rule, published }: Pick<TableResult, 'rule' | 'published'>): string[] {
  if (published === 'inserts') return ['inserts only']
  return published === null && (rule === 'copy' || rule === 'filtered') ? ['not replicated'] : []
}

/** How the comparison ended, and why; what explains a difference. */
export function verifyWords(verify: TableResult['verify'], table: Pick<TableResult, 'rule' | 'published'>): string {
  if (verify === undefined) return ''
  return [verify.reason === undefined ? verify.result : `${verify.result}: ${verify.reason}`, ...followedWords(table)].join(', ')
}

/** What became of it. */
export function outcomeOf(table: TableResult): string {
  if (table.failure !== undefined) return `failed: ${table.failure.code}`
  if (table.resumed === true) return ['already there', ...followedWords(table)].join(', ')
  if (table.tableSync === true) return methodOf(table)
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
