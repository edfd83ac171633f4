import { init } from '../../src/commands/init.ts'
import type { Config } from '../../src/config/config.ts'
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

/** `init --snapshot-only` of the pair's database, inside this process, with its events. */
export function runInit(pair: DatabasePair, overrides: Partial<Config> = {}, signal = new AbortController().signal): Promise<EngineRun> {
  return run(init, pair, { snapshotOnly: true, ...overrides }, signal)
}

async function run(command: typeof init, pair: DatabasePair, overrides: Partial<Config>, signal: AbortSignal): Promise<EngineRun> {
  const events: Event[] = []
  const full = config({
    source: parseConnectionUrl(pair.source.url, { user: 'postgres' }),
    target: parseConnectionUrl(pair.target.url, { user: 'postgres' }),
    clientTools: { kind: 'folder', path: clientTools(pair.source.server.major) },
    ...overrides,
    scope: { ...config().scope, includeDatabases: [{ text: pair.source.name, quoted: true }], ...overrides.scope },
  })
  const result = await command({ config: full, emit: (event) => events.push(event), signal })
  return { result, events }
}
