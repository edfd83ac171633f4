import * as core from '@actions/core'
import type { Finding, Problem, Warning } from '../errors.ts'
import { whereOf } from './failure.ts'
import { eventLines, type LogLevel, progressLine, shows } from './line.ts'
import { displayPart, printableLines, shortened } from './names.ts'
import { neutralise } from './neutralise.ts'
import { Progress } from './progress.ts'
import type { Redact } from './redact.ts'
import { type Output, type Reporter, styles } from './reporter.ts'
import { resultReporter } from './result-text.ts'

interface ActionsLogOptions {
  readonly level: LogLevel
  readonly redact: Redact
  /** Seconds, from any origin. */
  readonly clock?: () => number
}

/** Seconds between two lines of progress. */
const interval = 10
/** More annotations of a kind are dropped by GitHub, per step. */
const mostAnnotations = 10

/** For the log of a workflow: a group per phase, a line of progress now and then, annotations for what was found. */
export function actionsLogReporter(output: Output, { level, redact, clock = () => performance.now() / 1000 }: ActionsLogOptions): Reporter {
  const progress = new Progress()
  const plain = styles(false)
  const safe = (text: string) => neutralise(redact(printableLines(text)))
  let open: string | undefined
  let last = clock()
  const close = () => {
    if (open !== undefined) core.endGroup()
    open = undefined
  }
  return {
    event(event) {
      const now = clock()
      progress.add(event, now)
      // Phases of several databases may overlap, groups can't: the first one's group holds what comes meanwhile.
      if (event.type === 'phase-started' && open === undefined) {
        open = `${event.phase} ${event.database}`
        core.startGroup(safe(event.database === undefined ? event.phase : `${event.phase} of ${displayPart(event.database)}`))
      }
      for (const line of eventLines(event, level, plain)) output.write(`${line}\n`)
      if (event.type === 'phase-finished' && open === `${event.phase} ${event.database}`) close()
      if (now - last < interval || !shows('info', level)) return
      last = now
      const line = progressLine(progress.snapshot(now))
      if (line !== undefined) output.write(`${line}\n`)
    },
    async finished(result) {
      close()
      await resultReporter(output).finished?.(result)
      for (const one of result.warnings.slice(0, mostAnnotations)) annotate(core.warning, one, safe)
      for (const one of result.problems.slice(0, mostAnnotations)) annotate(core.error, one, safe)
    },
  }
}

function annotate(write: typeof core.error, finding: Problem | Warning, safe: (text: string) => string): void {
  write(safe(shortened(textOf(finding))), { title: finding.code, ...placeOf(finding, safe) })
}

function textOf(finding: Finding): string {
  const { message, hint, sql, position } = finding
  const where = position === undefined ? whereOf(finding) : ''
  return [where === '' ? message : `${where}: ${message}`, ...[hint, sql].filter((part) => part !== undefined)].join('\n')
}

function placeOf({ position }: Finding, safe: (text: string) => string): core.AnnotationProperties {
  return position === undefined ? {} : { file: safe(position.file), startLine: position.line, startColumn: position.column }
}
