import type { RunCommand } from '../../src/commands/context.ts'
import { findCommand } from '../../src/commands/index.ts'
import { init } from '../../src/commands/init.ts'
import { sync } from '../../src/commands/sync.ts'
import { verify } from '../../src/commands/verify.ts'
import type { Command, Config } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import type { Event } from '../../src/events.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { config } from '../unit/support/config.ts'
import { clientTools } from './client-tools.ts'
import type { DatabasePair } from './database-pair.ts'

export interface EngineRun {
  readonly result: CommandResult
  readonly events: readonly Event[]
}

/** `init --snapshot-only` of the pair's database inside this process, with its events. */
export function runInit(
  pair: DatabasePair,
  overrides: Partial<Config> = {},
  signal: AbortSignal = new AbortController().signal,
  watch: (event: Event) => void = () => {},
): Promise<EngineRun> {
  return run(init, engineConfig(pair, { snapshotOnly: true, ...overrides }), signal, watch)
}

export function runVerify(pair: DatabasePair, overrides: Partial<Config> = {}): Promise<EngineRun> {
  return run(verify, engineConfig(pair, { command: 'verify', ...overrides }), new AbortController().signal, () => {})
}

/** Any command on the pair. Like the entries, it's told of a refusal by an exception. */
export function runOn(
  pair: DatabasePair,
  command: Exclude<Command, 'demo'>,
  overrides: Partial<Config> = {},
  signal: AbortSignal = new AbortController().signal,
  watch: (event: Event) => void = () => {},
): Promise<EngineRun> {
  return run(findCommand(command), engineConfig(pair, { command, ...overrides }), signal, watch)
}

export function runSync(
  pair: DatabasePair,
  overrides: Partial<Config> = {},
  signal: AbortSignal = new AbortController().signal,
  watch: (event: Event) => void = () => {},
): Promise<EngineRun> {
  return run(sync, engineConfig(pair, { command: 'sync', ...overrides }), signal, watch)
}

/** The same with a configuration of one's own. */
export function runConfig(command: 'init' | 'verify', config: Config): Promise<EngineRun> {
  return run(command === 'init' ? init : verify, config, new AbortController().signal, () => {})
}

export function engineConfig(pair: DatabasePair, overrides: Partial<Config> = {}): Config {
  return config({
    command: 'init',
    source: parseConnectionUrl(pair.source.url, { user: 'postgres' }),
    target: parseConnectionUrl(pair.target.url, { user: 'postgres' }),
    clientTools: { kind: 'folder', path: clientTools(pair.source.server.major) },
    ...overrides,
    scope: { ...config().scope, includeDatabases: [{ text: pair.source.name, quoted: true }], ...overrides.scope },
  })
}

async function run(command: RunCommand, config: Config, signal: AbortSignal, watch: (event: Event) => void): Promise<EngineRun> {
  const events: Event[] = []
  const emit = (event: Event) => {
    events.push(event)
    watch(event)
  }
  return { result: await command({ config, emit, signal }), events }
}
