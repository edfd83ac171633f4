import { printable } from './names.ts'
import type { Styles } from './reporter.ts'
import { cut, padEnd, padStart, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Longest that a cell may be. */
  readonly most?: number
}

/** A table in plain text: titles, a rule, rows; columns as wide as their widest cell. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], { bold, dim }: Styles): string[] {
  const cells = rows.map((row) => columns.map(({ most = 60 }, index) => cut(printable(row[index] ?? ''), most)))
  const widths = columns.map(({ title }, index) => cells.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), widthOf(title)))
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => (align === 'right' ? padStart : padEnd)(row[index] ?? '', widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [bold(line(columns.map(({ title }) => title))), dim(widths.map((width) => '─'.repeat(width)).join('  ')), ...cells.map(line)]
}
