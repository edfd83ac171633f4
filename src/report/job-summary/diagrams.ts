import { formatBytes } from '../format.ts'
import { dataBytes, isCopied, type Located, sum } from '../totals.ts'
import { diagramText } from './markup.ts'
import type { Span, TableSpan, Timeline } from './timeline.ts'

/** GitHub doesn't draw longer ones. */
const mostCharacters = 48_000
const mostTables = 12
/** What is shorter than this part of the whole is a line too thin to be seen. */
const mostColumns = 120
const mostSlices = 7
/** GitHub's own blues and greys, which can be told from both its backgrounds; the theme itself stays the reader's. */
const palette = `%%{init: ${JSON.stringify({ themeVariables: pieVariables() })}}%%`

/** Phases and the longest tables by the clock: shows what ran side by side, and what it all waited for. */
export function gantt(timeline: Timeline, databases: number, finished: number): string {
  const [first] = timeline.phases
  if (first === undefined) return ''
  const length = ({ start, end = finished }: Span) => Math.max(1, end - start)
  const seen = (span: Span) => length(span) * mostColumns >= finished - first.start
  const named = (text: string, database: string | undefined) =>
    diagramText(databases > 1 && database !== undefined ? `${database} ${text}` : text)
  const draw = (name: string, tag: string, span: Span) => `  ${name} :${tag}${Math.round(span.start)}, ${Math.round(length(span))}ms`
  const phases = timeline.phases.filter(seen)
  const longest = timeline.tables.filter((span) => span.failed || seen(whole(span, finished))).toSorted(byLength(finished))
  if (phases.length < 2) return ''
  const tables = longest.slice(0, mostTables).toSorted((a, b) => a.start - b.start)
  return fenced([
    'gantt',
    '  dateFormat x',
    `  axisFormat ${axisFormat(finished - first.start)}`,
    '  section phases',
    ...phases.map((span) => draw(named(span.phase, span.database), '', span)),
    ...(tables.length === 0 ? [] : ['  section tables']),
    ...tables.flatMap((span) => {
      const name = named(`${span.table.schema}.${span.table.name}`, span.database)
      const rows = draw(name, span.failed ? 'crit, ' : 'active, ', span)
      return span.indexes !== undefined && seen(span.indexes) ? [rows, draw(`${name} indexes`, 'done, ', span.indexes)] : [rows]
    }),
  ])
}

/** Where the bytes are. */
export function pie(tables: readonly Located[], databases: number): string {
  const copied = tables
    .filter(({ table }) => isCopied(table) && dataBytes(table) > 0n)
    .toSorted((a, b) => Number(dataBytes(b.table) - dataBytes(a.table)))
  if (copied.length < 2) return ''
  const name = ({ database, table }: Located) => diagramText(`${databases > 1 ? `${database.name} ` : ''}${table.schema}.${table.name}`)
  const rest = copied.slice(mostSlices)
  const slices = [
    ...copied.slice(0, mostSlices).map((one) => [name(one), dataBytes(one.table)] as const),
    ...(rest.length === 0 ? [] : [[`${rest.length} others`, sum(rest.map(({ table }) => dataBytes(table)))] as const]),
  ]
  return fenced([
    palette,
    'pie',
    '  title rows to copy, by size on disk',
    ...slices.map(([label, bytes]) => `  "${label} (${formatBytes(bytes)})" : ${bytes}`),
  ])
}

function byLength(finished: number): (a: TableSpan, b: TableSpan) => number {
  const length = (span: TableSpan) => whole(span, finished).end - span.start
  return (a, b) => Number(b.failed) - Number(a.failed) || length(b) - length(a)
}

function whole({ start, end, indexes }: TableSpan, finished: number): { readonly start: number; readonly end: number } {
  return { start, end: indexes?.end ?? end ?? finished }
}

function fenced(lines: readonly string[]): string {
  const text = lines.join('\n')
  return text.length > mostCharacters ? '' : `\`\`\`mermaid\n${text}\n\`\`\`\n\n`
}

function pieVariables(): Record<string, string> {
  const slices = ['#0969da', '#1a7f37', '#9a6700', '#8250df', '#cf222e', '#1b7c83', '#bf3989', '#6e7781']
  const colours = slices.map((colour, index) => [`pie${index + 1}`, colour])
  return {
    ...Object.fromEntries(colours),
    pieOpacity: '0.9',
    pieSectionTextColor: '#ffffff',
    pieStrokeWidth: '1px',
    pieOuterStrokeWidth: '1px',
    pieTitleTextSize: '16px',
    pieLegendTextSize: '14px',
  }
}

/** Of the viewer's clock: as fine as the ticks will be apart. */
function axisFormat(milliseconds: number): string {
  if (milliseconds < 20_000) return '%S.%L s'
  return milliseconds < 3_600_000 ? '%H:%M:%S' : '%H:%M'
}
