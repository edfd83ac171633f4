import type { KnownNames } from './known-names.ts'
import type { FunctionUse, NameUse, Survey } from './survey-predicate.ts'

/** They tell the time; frozen, they're as good as a literal. */
export const clockFunctions: ReadonlySet<string> = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'])

/** Built-in functions that are stable, and yet answer by session, server or privileges; the rest of the stable ones depends on settings, which are pinned. */
const ofTheSession =
  /^(?:version|getpgusername|current_(?:setting|database|query|schema|schemas)|set_config|inet_(?:client|server)_.*|(?:txid|pg)_.*|has_.*_privilege|row_security_active|(?:query|table|cursor|schema|database)_to_xml.*)$/

/** What a predicate calls that may answer differently each time. https://www.postgresql.org/docs/current/xfunc-volatility.html */
export function judgeFunctions({ functions, operators }: Survey, known: KnownNames): string[] {
  const unstable = [
    ...functions.filter((use) => isUnstable('function', use, known)),
    ...operators.filter((use) => isUnstable('operator', use, known)),
  ]
  const names = [...new Set(unstable.map(({ names: parts }) => parts.at(-1)))]
  return names.length === 0 ? [] : [`it calls ${names.join(', ')}, which may answer differently each time`]
}

export function isClockFunction(use: Pick<FunctionUse, 'names' | 'arguments'>, known: KnownNames): boolean {
  return use.arguments === 0 && clockFunctions.has(use.names.at(-1) ?? '') && known.find('function', use)[0]?.schema === 'pg_catalog'
}

/** AT TIME ZONE is volatile for `timetz` alone, on old servers. What users' own functions read nobody knows, unless they're said to be immutable. */
function isUnstable(kind: 'function' | 'operator', use: NameUse, known: KnownNames): boolean {
  const found = known.find(kind, use)
  const builtIn = found[0]?.schema === 'pg_catalog'
  if (builtIn && kind === 'function' && clockFunctions.has(use.names.at(-1) ?? '')) return false
  if (found.some(({ volatility, name }) => volatility === 'v' && !(builtIn && name === 'timezone'))) return true
  return found.some(({ volatility, name }) => volatility !== 'i' && (!builtIn || ofTheSession.test(name)))
}
