import type { Config, ScopeRules } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { config } from '../unit/support/config.ts'
import type { DatabasePair } from './database-pair.ts'

/** A configuration for the pair's database alone. */
export function observing(pair: DatabasePair, overrides: Partial<Omit<Config, 'scope'>> = {}, scope: Partial<ScopeRules> = {}): Config {
  return config({
    snapshotOnly: true,
    source: parseConnectionUrl(pair.source.url, { user: 'postgres' }),
    target: parseConnectionUrl(pair.target.url, { user: 'postgres' }),
    ...overrides,
    scope: { ...config().scope, includeDatabases: [{ text: pair.source.name, quoted: true }], ...scope },
  })
}
