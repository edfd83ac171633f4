import type { Styles } from '../../report/reporter.ts'
import { cut, padEnd, padStart, widthOf } from '../../report/width.ts'
import type { QuestionItem } from '../question.ts'
import { visible } from './search-list.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The last column stays empty: a terminal would begin a line of its own after it. */
export function widthIn({ columns }: Size): number {
  return Math.max(10, columns - 1)
}

/** How many items there's room for beside the other lines; a long list is no easier to read. */
export function roomIn({ rows }: Size, otherLines: number): number {
  return Math.max(1, Math.min(15, rows - otherLines - 1))
}

/** Of a name, what must be seen before sizes are. */
const leastName = 20

/** The part of a list around the active item: names to the left, details to the right of the widest. */
export function itemLines(
  items: readonly (QuestionItem & { readonly mark: string })[],
  at: number,
  { room, width, styles }: { readonly room: number; readonly width: number; readonly styles: Styles },
): string[] {
  const [from, to] = visible(items.length, at, room)
  // As wide as of all, so that nothing jumps while it's scrolled.
  const widths = (items[0]?.details ?? []).map((_, column) => Math.max(...items.map(({ details }) => widthOf(details[column] ?? ''))))
  const detailWidth = widths.reduce((sum, one) => sum + one + 2, 0)
  const widest = Math.max(...items.map(({ name }) => widthOf(name)))
  const detailed = width - detailWidth - 4 >= Math.min(widest, leastName)
  const nameWidth = Math.min(widest, width - 4 - (detailed ? detailWidth : 0))
  return items.slice(from, to).map(({ mark, name, details }, index) => {
    const active = from + index === at
    const fitting = cut(name, nameWidth)
    const shown = details.length > 0 && detailed ? padEnd(fitting, nameWidth) : fitting
    const right = details.map((detail, column) => `  ${padStart(detail, widths[column] ?? 0)}`).join('')
    const coloured = active ? styles.cyan(shown) : shown
    return `${active ? styles.cyan('❯') : ' '} ${mark} ${coloured}${detailed ? styles.dim(right) : ''}`
  })
}

/** Where lines are few, only what one can't guess. */
export function helpLines({ long, short }: { readonly long: readonly string[]; readonly short: readonly string[] }, size: Size): string[] {
  return wrapped(size.rows < 16 ? short : long, ' · ', widthIn(size))
}

/** Words in as many lines as it takes; one that is too long is cut. */
export function wrapped(words: readonly string[], between: string, width: number): string[] {
  const lines: string[] = []
  for (const word of words.map((one) => cut(one, width))) {
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last}${between}${word}`
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
