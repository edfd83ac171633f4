import type { Given } from '../config/parse.ts'

export interface Surroundings {
  /** Keys can be read, and a screen that can be drawn on is there. */
  readonly terminal: boolean
  /** A build server: whoever sees its terminal can't type. */
  readonly continuousIntegration: boolean
}

/** Questions are for people in front of a terminal who haven't said yet what they want. */
export function mayAsk({ command, values }: Pick<Given, 'command' | 'values'>, { terminal, continuousIntegration }: Surroundings): boolean {
  return terminal && !continuousIntegration && asking.has(command) && !deciding.some((name) => values[name] !== undefined)
}

const asking: ReadonlySet<string> = new Set(['validate', 'plan', 'init', 'sync', 'replicate'])

/** Who gives one of these has decided, or wants no questions. */
const deciding = [
  'yes',
  'no-interactive',
  'config',
  'include-databases',
  'exclude-databases',
  'include-tables',
  'exclude-tables',
  'schema-only-tables',
  'table-filters',
  'time-filters',
] as const
