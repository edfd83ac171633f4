import type { ConnectionSettings } from '../../src/config/config.ts'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'

/** A test's URL as the engine takes it. */
export function settingsOf(url: string): ConnectionSettings {
  return parseConnectionUrl(url, { user: 'postgres' })
}
