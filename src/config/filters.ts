import type { TableFilter, TableReference, TimeFilter, TimeWindow } from './config.ts'
import { InvalidValue } from './invalid-value.ts'
import { parseTimeWindow } from './quantities.ts'
import { splitOutsideQuotes } from './split-list.ts'
import { parseTableReference } from './table-reference.ts'

/** `[database.][schema.]table:SQL predicate`; the predicate may hold colons. */
export function parseTableFilter(text: string): TableFilter {
  const [table = '', predicate] = splitOutsideQuotes(text, ':', 2)
  if (predicate === undefined)
    throw new InvalidValue(`the filter ${text} has no predicate`, {
      hint: "Write it like public.events:created_at > '2026-01-01'.",
      code: 'filter-invalid',
    })
  return { table: parseTableReference(table), predicate: parsePredicate(predicate) }
}

/** `[database.][schema.]table:column:window`. */
export function parseTimeFilter(text: string): TimeFilter {
  const pieces = splitOutsideQuotes(text, ':')
  const [table = '', column = '', window = ''] = pieces
  if (pieces.length !== 3)
    throw new InvalidValue(`the time filter ${text} is not table:column:window`, {
      hint: 'Write it like public.metrics:created_at:6 months.',
      code: 'filter-invalid',
    })
  return timeFilter(parseTableReference(table), column, parseTimeWindow(window))
}

export function parsePredicate(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new InvalidValue('the predicate is empty', { code: 'filter-invalid' })
  if (trimmed.includes('\0')) throw new InvalidValue('the predicate contains a NUL character', { code: 'filter-invalid' })
  return trimmed
}

export function timeFilter(table: TableReference, column: string, window: TimeWindow): TimeFilter {
  return { table, column: columnName(column, table), window }
}

/** Quotes are optional, as in the original's files; a column is one name. */
function columnName(text: string, table: TableReference): string {
  const trimmed = text.trim()
  const quoted = /^"((?:[^"]|"")+)"$/.exec(trimmed)?.[1]?.replaceAll('""', '"')
  if (trimmed === '' || (quoted === undefined && trimmed.includes('"')))
    throw new InvalidValue(`the time filter of ${table.text} names no column`, { code: 'filter-invalid' })
  return quoted ?? trimmed
}
