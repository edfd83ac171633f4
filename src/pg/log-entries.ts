import { z } from 'zod'

/** As `log_destination` calls them. https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DESTINATION */
export type LogFormat = 'stderr' | 'csvlog' | 'jsonlog'

/** What a server's log says at a time, without what quotes rows. */
export interface LogEntry {
  readonly process: string | undefined
  readonly severity: string
  readonly message: string
  readonly context: string
}

/** Of a log whose beginning may be cut off anywhere, and whose end is still being written. */
export function logEntries(log: string, format: LogFormat): LogEntry[] {
  if (format === 'csvlog') return fromCsv(log)
  return format === 'jsonlog' ? fromJson(log) : fromText(log)
}

/** `2026-11-23 10:00:00.000 UTC [4711] ERROR:  …`, then its DETAIL, CONTEXT and so on, each a line of its own. */
function fromText(log: string): LogEntry[] {
  const entries: { -readonly [Key in keyof LogEntry]: LogEntry[Key] }[] = []
  let secondary: string | undefined
  for (const line of log.split('\n')) {
    const [, prefix, word, text = ''] = /^(.*?)\b([A-Z]+\d?): {2}(.*)$/.exec(line) ?? []
    const last = entries.at(-1)
    if (word === undefined) {
      // A further line of what came last begins with a tab.
      if (last !== undefined && secondary === undefined && line.startsWith('\t')) last.message += ` ${line.trim()}`
      continue
    }
    secondary = following.has(word) ? word : undefined
    if (secondary === undefined) entries.push({ process: /\[(\d+)\]/.exec(prefix ?? '')?.[1], severity: word, message: text, context: '' })
    else if (secondary === 'CONTEXT' && last !== undefined) last.context = text
  }
  return entries
}

const following: ReadonlySet<string> = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE'])

const jsonLine = z.object({ pid: z.number(), error_severity: z.string(), message: z.string(), context: z.string().default('') })

/** Each line is an object. */
function fromJson(log: string): LogEntry[] {
  return log.split('\n').flatMap((line) => {
    const parsed = jsonLine.safeParse(parseJson(line))
    if (!parsed.success) return []
    const { pid, error_severity: severity, message, context } = parsed.data
    return [{ process: String(pid), severity, message: oneLine(message), context }]
  })
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Places in a line: a record's first fields are of the same order in every major. */
const csvColumns = { process: 3, severity: 11, message: 13, context: 18 } as const

/** Quoted fields go over several lines: so the first whole record is where a line begins with a time. */
function fromCsv(log: string): LogEntry[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/y
  field.lastIndex = Math.max(0, log.search(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [^,\n]+,/m))
  const entries: LogEntry[] = []
  let record: string[] = []
  for (let match = field.exec(log); match !== null; match = field.exec(log)) {
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    const { process, severity, message, context } = csvColumns
    const text = record[message]
    if (text !== undefined)
      entries.push({ process: record[process], severity: record[severity] ?? '', message: oneLine(text), context: record[context] ?? '' })
    record = []
  }
  return entries
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ').trim()
}
