import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface CommandOptions {
  /** Set over an environment that has only PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** `dist`: the bundle as users run it. `build`: the compiled files, without waiting for the bundler. */
  readonly from?: 'dist' | 'build'
  readonly nodeArguments?: readonly string[]
  /** The Node to run it with, for tests of other versions. */
  readonly node?: string
}

export interface CommandResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Both, as they came. */
  readonly output: string
  readonly seconds: number
}

export interface RunningCommand extends AsyncDisposable {
  readonly child: ChildProcess
  readonly pid: number
  readonly finished: Promise<CommandResult>
  /** What has been written so far. */
  output(): string
  /** Until the output matches; fails when the command ends before that. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs the command line to its end: `const { code, output } = await runCommand(['init', '--source', …])`. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  await using command = startCommand(args, options)
  return await command.finished
}

/** Starts the command line; killed, if it still runs, when disposed of. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const program = `${root}${options.from === 'build' ? 'build/cli.js' : 'dist/cli/index.js'}`
  if (!existsSync(program)) throw new Error(`${program} isn't there: npm run build`)
  return startNode([program, ...args], options)
}

/** The same for any script, such as the action's bundle. */
export function startNode(
  args: readonly string[],
  { env = {}, cwd = root, nodeArguments = [], node = process.execPath }: CommandOptions = {},
): RunningCommand {
  const started = performance.now()
  const child = spawn(node, [...nodeArguments, ...args], { cwd, env: { ...ownEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '', output: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      text.output += chunk
    })
  }
  const finished = once(child, 'close').then(
    ([code, signal]) => ({ code, signal, ...text, seconds: (performance.now() - started) / 1000 }) as CommandResult,
  )
  return {
    child,
    pid: child.pid ?? -1,
    finished,
    output: () => text.output,
    waitFor: (pattern) => waitFor(finished, () => text.output, pattern),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await finished
    },
  }
}

async function waitFor(finished: Promise<unknown>, output: () => string, pattern: RegExp): Promise<RegExpExecArray> {
  let ended = false
  void finished.then(() => (ended = true))
  for (;;) {
    const last = ended
    const match = pattern.exec(output())
    if (match) return match
    if (last) throw new Error(`The command ended without writing ${pattern}:\n${output()}`)
    await sleep(10)
  }
}

function ownEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}
