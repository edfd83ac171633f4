import type { Command, Config } from '../config/config.ts'
import type { Emit } from '../events.ts'
import type { CommandResult } from '../plan/results.ts'

/** All that a command is given. It returns data and never prints. */
export interface CommandContext {
  readonly config: Config
  readonly emit: Emit
  /** Aborted by SIGINT and SIGTERM: stop within seconds, leave nothing behind. */
  readonly signal: AbortSignal
}

export type RunCommand = (context: CommandContext) => Promise<CommandResult>

/** `demo` starts its own servers and has the entry run the other commands on them, live view included. */
export interface DemoContext {
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Runs one command as the command line would, with inputs by their names (`source`, `target`, `snapshot-only` …). */
  readonly run: (command: Exclude<Command, 'demo'>, inputs: Readonly<Record<string, string>>) => Promise<CommandResult>
}

export type RunDemo = (context: DemoContext) => Promise<CommandResult>
