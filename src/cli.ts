#!/usr/bin/env node
import { accountName } from './account-name.ts'
import { parseArguments } from './arguments.ts'
import type { Config } from './config/config.ts'
import { loadConfig } from './config/load.ts'
import type { Given, Parsed } from './config/parse.ts'
import { exitCodes, type Problem } from './errors.ts'
import type { Terminal } from './interactive/index.ts'
import { mayAsk, type Surroundings } from './interactive/may-ask.ts'
import type { CommandResult } from './plan/results.ts'
import { jsonReporter } from './report/json.ts'
import { type LogLevel, lineReporter } from './report/line.ts'
import { type Redact, redactor } from './report/redact.ts'
import { type Output, type Reporter, styles } from './report/reporter.ts'
import { resultReporter } from './report/result-text.ts'
import { openSummaryFiles } from './report/summary-page/summary-files.ts'
import { terminalReporter } from './report/terminal.ts'
import { exitCodeOf, runBody, runCommand } from './run.ts'
import { listenForSignals, type Signals } from './signals.ts'

await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<void> {
  // Arguments can be read by every account of the machine, connection URLs among them: this takes them out of the process list.
  process.title = 'postgres-seren-replicator'
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const parsed = parseArguments(argv)
  if (parsed.kind === 'print') {
    process.stdout.write(parsed.text)
    process.exitCode = argv.length === 0 ? exitCodes.rejected : exitCodes.done
    return
  }
  const signals = listenForSignals(process)
  const { command, values, problems } = parsed
  const result =
    command === 'demo' && problems.length === 0
      ? await runDemo(signals.signal)
      : problems.length === 0 && mayAsk({ command, values }, surroundings())
        ? await runAsking(given(command, values), signals)
        : await runOne(given(command, values), problems, signals.signal)
  // What a library still holds open mustn't keep the process, once the output is through.
  const code = exitCodeOf(result, signals.received())
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

function given(command: string, values: Given['values']): Given {
  return {
    command,
    values,
    environment: { source: process.env['SEREN_SOURCE_URL'], target: process.env['SEREN_TARGET_URL'] },
    onRunner: process.env['GITHUB_ACTIONS'] === 'true',
    onTerminal: isTerminal(process.stderr),
    spell: (name) => `--${name}`,
    account: accountName(),
  }
}

interface More {
  readonly reporters?: (redact: Redact) => readonly Reporter[]
  /** Asks for what the config doesn't say yet. */
  readonly choose?: (config: Config, redact: Redact) => Promise<Parsed>
}

async function runOne(asked: Given, problems: readonly Problem[], signal: AbortSignal, more: More = {}): Promise<CommandResult> {
  const loaded = await loadConfig(asked, process.cwd())
  const parsed =
    problems.length === 0
      ? loaded
      : { ...loaded, config: undefined, problems: asked.command === '' ? problems : [...problems, ...loaded.problems] }
  const redact = redactor(parsed.secrets)
  const reporters = [...reportersFor(parsed, redact), ...(more.reporters?.(redact) ?? [])]
  const { choose } = more
  return runCommand(
    { command: asked.command || 'the command line', reporters, redact, signal, complain: (error) => complain(error, redact) },
    parsed,
    choose === undefined ? undefined : (config) => choose(config, redact),
  )
}

/** Someone sits in front of it and hasn't said what they want. */
async function runAsking(asked: Given, { signal, interrupt: leave }: Signals): Promise<CommandResult> {
  // The action and unattended runs needn't load what asks.
  const { askUrls, chooseScope, terminalAsker } = await import('./interactive/index.ts')
  const ending = { signal, leave }
  const complete = await askUrls(asked, terminalAsker(keyboard(redactor([])), ending)).catch((error: unknown) => {
    if (!signal.aborted) throw error
    return asked
  })
  return runOne(complete, [], signal, {
    choose: (config, redact) => {
      const terminal = keyboard(redact)
      const asker = terminalAsker(terminal, ending)
      return chooseScope(config, { given: complete, asker, terminal, ending, folder: process.cwd() })
    },
  })
}

/** Questions go where progress goes: stdout is for the result alone. */
function keyboard(redact: Redact): Terminal {
  const { stdin: input, stderr } = process
  return {
    input,
    output: output(stderr, redact),
    size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
    onResize: (changed) => {
      stderr.on('resize', changed)
      return () => stderr.off('resize', changed)
    },
  }
}

function surroundings(): Surroundings {
  const { CI = '', GITHUB_ACTIONS = '' } = process.env
  return {
    terminal: isTerminal(process.stderr) && process.stdin.isTTY === true,
    continuousIntegration: [CI, GITHUB_ACTIONS].some((one) => !['', '0', 'false'].includes(one)),
  }
}

/** Its servers and their passwords are its own, and gone when it ends. */
async function runDemo(signal: AbortSignal): Promise<CommandResult> {
  const redact = redactor([])
  const stdout = output(process.stdout, redact)
  const summary = await openSummaryFiles(process.cwd(), stdout)
  const reporters = [progressReporter('info', redact), resultReporter(stdout), summary.ofAll]
  return runBody({ command: 'demo', reporters, redact, signal, complain: (error) => complain(error, redact) }, async (emit) => {
    // It brings what no other command needs.
    const { demo } = await import('./commands/demo/demo.ts')
    return demo({ emit, signal, run: (command, inputs) => runOne(given(command, inputs), [], signal, { reporters: summary.ofOne }) })
  })
}

function reportersFor({ presentation }: Parsed, redact: Redact): Reporter[] {
  const { logLevel, report } = presentation
  return [
    progressReporter(logLevel, redact),
    resultReporter(output(process.stdout, redact)),
    ...(report === undefined ? [] : [jsonReporter(report)]),
  ]
}

/** Progress goes to stderr: what stdout holds is the result alone. */
function progressReporter(level: LogLevel, redact: Redact): Reporter {
  const out = output(process.stderr, redact)
  return out.size === undefined ? lineReporter(out, { level }) : terminalReporter(out, { level })
}

/** Everything that a renderer writes goes through here, and so through redaction. */
function output(stream: NodeJS.WriteStream, redact: Redact): Output {
  const terminal = isTerminal(stream)
  return {
    write: (text) => stream.write(redact(text)),
    styles: styles(colours(terminal)),
    size: terminal ? () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }) : undefined,
  }
}

function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb'
}

/** https://no-color.org: any value but the empty one. */
function colours(terminal: boolean): boolean {
  if (process.env['NO_COLOR']) return false
  return terminal || (process.env['FORCE_COLOR'] ?? '0') !== '0'
}

function complain(error: unknown, redact: Redact): void {
  process.stderr.write(redact(`a part of the output failed, the run went on: ${error instanceof Error ? error.message : String(error)}\n`))
}
