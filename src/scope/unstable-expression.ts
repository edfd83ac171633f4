/**
 * The first thing in a predicate that reads the clock, the session or chance, or undefined. What else isn't immutable depends on settings
 * alone, and those are pinned. https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export function findUnstable(predicate: string): string | undefined {
  for (const { groups, index } of predicate.matchAll(token)) {
    const { text, escaped, plain, name, call } = groups ?? {}
    const literal = text ?? escaped ?? plain
    if (literal !== undefined && moment.test(literal.replaceAll("''", "'"))) return `'${literal}'`
    if (name === undefined) continue
    const quoted = name.startsWith('"')
    const folded = quoted ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
    if (call !== undefined && functions.test(folded)) return `${name}()`
    if (!quoted && keywords.has(folded) && predicate[index - 1] !== '.') return name
  }
  return undefined
}

/** Literals, comments and names, so that none is looked for inside of another. */
const token =
  /\$(?<tag>\w*)\$(?<text>[\s\S]*?)\$\k<tag>\$|\b[eE]'(?<escaped>(?:[^'\\]|''|\\[\s\S])*)'|'(?<plain>(?:[^']|'')*)'|--[^\n]*|\/\*[\s\S]*?\*\/|(?<name>"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?<call>\s*\()?/gu

/** Input of dates and times takes these words. https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES */
const moment = /^\s*(?:now|today|tomorrow|yesterday)\b[\s\d:.+-]*$/i

const keywords: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_user',
  'current_role',
  'current_catalog',
  'current_schema',
  'session_user',
  'system_user',
  'user',
])

/** Functions of the system's own that are stable all the same; `age` of one argument counts from today. */
const functions =
  /^(?:now|age|version|(?:transaction|statement|clock)_timestamp|current_(?:setting|database|query|schema|schemas)|set_config|inet_(?:client|server)_.*|(?:txid|pg)_.*|has_.*_privilege|row_security_active|(?:query|table|cursor|schema|database)_to_xml.*)$/
