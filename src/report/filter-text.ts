import type { TableResult } from '../plan/results.ts'
import { formatCount } from './format.ts'
import { displayName, printable } from './names.ts'
import type { Styles } from './reporter.ts'
import { cut, padEnd, widthOf } from './width.ts'

/** Names wider than this stand on a line of their own. */
const widestName = 32
/** Lines of a condition; the report has it whole. */
const mostLines = 4

/** Of each filtered table, the condition as it was given, and where that's another text, what it was fixed to. */
export function filterLines(tables: readonly TableResult[], columns: number, { bold, dim }: Styles): string[] {
  const filtered = tables.flatMap((table) => (table.filter === undefined ? [] : [{ name: displayName(table), filter: table.filter }]))
  if (filtered.length === 0) return []
  const names = filtered.map(({ name }) => widthOf(name)).filter((width) => width <= widestName)
  const width = Math.max('filter'.length, ...names)
  const room = Math.max(24, columns - width - 4)
  const lines = filtered.flatMap(({ name, filter: { given, used } }) => {
    const first = folded(given, room)
    const second = used === given ? [] : folded(used, room).map((line, index) => dim(`${index === 0 ? '→' : ' '} ${line}`))
    const [head = '', ...rest] = [...first.map((line) => `  ${line}`), ...second]
    const shown = cut(name, columns)
    const indented = rest.map((line) => `${' '.repeat(width)}${line}`)
    return widthOf(shown) > width ? [shown, `${' '.repeat(width)}${head}`, ...indented] : [`${padEnd(shown, width)}${head}`, ...indented]
  })
  return [bold(`${padEnd('filter', width)}  rows that come along`), ...lines]
}

/** Broken between words, as far as there are any. */
function folded(condition: string, width: number): string[] {
  const lines: string[] = []
  const oneLine = condition
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')
  // What can't be shown needn't be broken either.
  let rest = printable(oneLine.slice(0, width * (mostLines + 1)))
  while (rest !== '' && lines.length < mostLines) {
    const fitting = cut(rest, width)
    if (fitting === rest) return [...lines, rest]
    const whole = cut(rest, width).slice(0, -1)
    const space = whole.lastIndexOf(' ')
    const end = rest[whole.length] === ' ' || space < width / 2 ? whole.length : space
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? lines : [...lines, `… (${formatCount(condition.length)} characters, all of them in the report)`]
}
