import { formatBytes, formatShare } from './format.ts'
import { eventLines, isCounting, type LogLevel, lagOf, partOf, progressLine } from './line.ts'
import { displayName } from './names.ts'
import { Progress, type Snapshot } from './progress.ts'
import type { Output, Reporter, Styles } from './reporter.ts'
import { smaller } from './totals.ts'
import { cut, padEnd, widthOf } from './width.ts'

interface TerminalOptions {
  readonly level: LogLevel
  /** Seconds, from any origin. */
  readonly clock?: () => number
}

/** Redrawing more often than this is lost on the eye. */
const secondsPerFrame = 0.1

/** For terminals: finished phases scroll away, what is under way is redrawn in place below them. */
export function terminalReporter(output: Output, { level, clock = () => performance.now() / 1000 }: TerminalOptions): Reporter {
  const progress = new Progress()
  const size = output.size ?? (() => ({ columns: 80, rows: 24 }))
  let drawn = 0
  let last = Number.NEGATIVE_INFINITY
  const erase = () => (drawn === 0 ? '' : `\x1b[${drawn}A\x1b[0J`)
  const draw = (above: readonly string[], frame: readonly string[]) => {
    output.write(erase() + [...above, ...frame].map((line) => `${line}\n`).join(''))
    drawn = frame.length
  }
  let timer: NodeJS.Timeout | undefined
  const redraw = () => {
    last = clock()
    draw([], frameLines(progress.snapshot(last), size(), output.styles))
  }
  return {
    started() {
      // Keeps rate and time left moving while no event comes; never keeps the process alive.
      timer = setInterval(redraw, 500).unref()
    },
    event(event) {
      const now = clock()
      progress.add(event, now)
      const above = eventLines(event, level, output.styles)
      if (above.length === 0 && now - last < secondsPerFrame) return
      last = now
      draw(above, frameLines(progress.snapshot(now), size(), output.styles))
    },
    finished() {
      clearInterval(timer)
      draw([], [])
    },
  }
}

/** Exported for tests: what is shown at one moment, never more than fits. */
export function frameLines(
  snapshot: Snapshot,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  styles: Styles,
): string[] {
  const summary = progressLine(snapshot)
  if (summary === undefined) return []
  const { bytes, active, indexing, lags } = snapshot
  const room = Math.max(0, rows - 6)
  if (!isCounting(snapshot)) {
    if (lags.length === 0) return [styles.dim(cut(summary, columns))]
    const lines = lags.slice(0, Math.max(1, room)).map((one) => cut(lagOf(one), columns))
    return lags.length > lines.length ? [...lines, styles.dim(`and ${lags.length - lines.length} more`)] : lines
  }
  const names = active.map((part) => `${displayName(part.table)}${partOf(part)}`)
  const widest = Math.max(0, ...[...names, ...indexing.map(displayName)].map(widthOf))
  const nameWidth = Math.min(widest, Math.max(12, columns - 50))
  const barWidth = Math.max(8, Math.min(40, columns - nameWidth - 26))
  const parts = active.slice(0, room).map((part, index) => {
    const name = padEnd(cut(names[index] ?? '', nameWidth), nameWidth)
    const share = part.estimatedBytes === 0n ? '' : formatShare(smaller(part.bytes, part.estimatedBytes), part.estimatedBytes)
    return `  ${name}  ${bar(part.bytes, part.estimatedBytes, barWidth, styles)}  ${padEnd(formatBytes(part.bytes), 9)} ${styles.dim(share)}`
  })
  const indexed = indexing
    .slice(0, Math.max(0, room - parts.length))
    .map((table) => `  ${cut(displayName(table), nameWidth)}  ${styles.dim('indexes')}`)
  const hidden = active.length + indexing.length - parts.length - indexed.length
  return [
    `${bar(bytes.done, bytes.total, Math.min(60, Math.max(8, columns - 10)), styles)} ${styles.bold(formatShare(bytes.done, bytes.total))}`,
    cut(summary, columns),
    ...parts,
    ...indexed,
    ...(hidden > 0 ? [styles.dim(`  and ${hidden} more`)] : []),
  ]
}

function bar(done: bigint, total: bigint, width: number, { cyan, dim }: Styles): string {
  const filled = total === 0n ? 0 : Math.min(width, Math.floor((Number(done) / Number(total)) * width))
  return cyan('━'.repeat(filled)) + dim('─'.repeat(width - filled))
}
