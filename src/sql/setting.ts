import { identifier, literal } from './identifier.ts'

/** Settings whose stored value is a list of identifiers, each quoted if need be: GUC_LIST_QUOTE, which no extension may use. */
const quotedLists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/**
 * `"name" to value`, from the value as the catalog stores it. Quoting a stored list as one string would make one odd name of it, so it's
 * split, as pg_dumpall does (makeAlterConfigCommand in dumputils.c).
 */
export function settingAssignment(name: string, stored: string): string {
  if (!quotedLists.has(name.toLowerCase())) return `${identifier(name)} to ${literal(stored)}`
  const elements = splitList(stored)
  return `${identifier(name)} to ${elements.length === 0 ? "''" : elements.map(literal).join(', ')}`
}

function splitList(stored: string): string[] {
  return [...stored.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}
