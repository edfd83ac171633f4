import { formatBytes } from '../format.ts'
import { displayName, displayPart } from '../names.ts'
import { dataBytes, isCopied, type Located, sum } from '../totals.ts'
import { diagramText } from './markup.ts'
import type { Span, TableSpan, Timeline } from './timeline.ts'

/** GitHub doesn't draw longer ones. */
const mostCharacters = 48_000
const mostTables = 24
const mostSlices = 7

/** Phases and the longest tables by the clock: shows what ran side by side, and what it all waited for. */
export function gantt(timeline: Timeline, databases: number, finished: number): string {
  const phases = timeline.phases.filter(({ start, end = finished }) => end - start >= 1)
  if (phases.length < 2) return ''
  const length = ({ start, end = finished }: Span) => Math.max(1, end - start)
  const longest = timeline.tables.toSorted((a, b) => whole(b, finished) - whole(a, finished)).slice(0, mostTables)
  const named = (text: string, database: string | undefined) =>
    diagramText(databases > 1 && database !== undefined ? `${database} ${text}` : text)
  const bar = (name: string, tag: string, span: Span) => `  ${name} :${tag}${Math.round(span.start)}, ${Math.round(length(span))}ms`
  const lines = [
    '  section phases',
    ...phases.map((span) => bar(named(span.phase, span.database), '', span)),
    ...(longest.length === 0 ? [] : ['  section tables']),
    ...longest
      .toSorted((a, b) => a.start - b.start)
      .flatMap((span) => {
        const name = named(displayName(span.table), span.database)
        return [
          bar(name, span.failed ? 'crit, ' : 'active, ', span),
          ...(span.indexes === undefined ? [] : [bar(`${name} indexes`, 'done, ', span.indexes)]),
        ]
      }),
  ]
  return fenced(['gantt', '  dateFormat x', `  axisFormat ${finished - (phases[0]?.start ?? 0) < 3_600_000 ? '%M:%S' : '%H:%M'}`, ...lines])
}

/** Where the bytes are. */
export function pie(tables: readonly Located[], databases: number): string {
  const copied = tables
    .filter(({ table }) => isCopied(table) && dataBytes(table) > 0n)
    .toSorted((a, b) => Number(dataBytes(b.table) - dataBytes(a.table)))
  if (copied.length < 2) return ''
  const name = ({ database, table }: Located) =>
    diagramText(`${databases > 1 ? `${displayPart(database.name)} ` : ''}${displayName(table)}`)
  const rest = copied.slice(mostSlices)
  const slices = [
    ...copied.slice(0, mostSlices).map((one) => [name(one), dataBytes(one.table)] as const),
    ...(rest.length === 0 ? [] : [[`${rest.length} others`, sum(rest.map(({ table }) => dataBytes(table)))] as const]),
  ]
  return fenced([
    'pie',
    '  title rows to copy, by size on disk',
    ...slices.map(([label, bytes]) => `  "${label} (${formatBytes(bytes)})" : ${bytes}`),
  ])
}

function whole({ start, end, indexes }: TableSpan, finished: number): number {
  return (indexes?.end ?? end ?? finished) - start
}

function fenced(lines: readonly string[]): string {
  const text = lines.join('\n')
  return text.length > mostCharacters ? '' : `\`\`\`mermaid\n${text}\n\`\`\`\n\n`
}
