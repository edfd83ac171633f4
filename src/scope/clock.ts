import { literal } from '../sql/identifier.ts'
import { isBranch, namesOf, type SyntaxNode, type Tree } from './syntax-tree.ts'

/** The moment at which a predicate's clock stands. The days are those of the zone that the database's own sessions have. */
export interface FrozenClock {
  readonly instant: string
  readonly local: string
  readonly today: string
  readonly tomorrow: string
  readonly yesterday: string
  /** That zone is UTC, as our sessions' is. */
  readonly utc: boolean
}

/** Input of dates and times takes these words. https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES */
const words = /(?<!\p{L})(?:now|today|tomorrow|yesterday)(?!\p{L})/giu

export function namesMoment(text: string): boolean {
  return text.search(words) !== -1
}

/** The text of a date or time with its words replaced. A moment keeps its offset where the type has one. */
export function spellMoment(text: string, type: string, clock: FrozenClock): string {
  const now = /^(?:timestamptz|timestamp with time zone|tstz)/.test(type) ? clock.instant : clock.local
  const values: Readonly<Record<string, string>> = { now, today: clock.today, tomorrow: clock.tomorrow, yesterday: clock.yesterday }
  return text.replaceAll(words, (word) => ` ${values[word.toLowerCase()] ?? word} `)
}

const dated: ReadonlySet<string> = new Set([
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz'],
  ...['daterange', 'tsrange', 'tstzrange', 'datemultirange', 'tsmultirange', 'tstzmultirange'],
])

const zoned: ReadonlySet<string> = new Set(['timestamptz', 'timetz', 'tstzrange', 'tstzmultirange'])

export interface CastType {
  /** The words above are understood. */
  readonly dated: boolean
  /** What it says depends on the time zone. */
  readonly zoned: boolean
  readonly name: string
}

/** `domains`: over types of date and time, as JSON of schema and name. */
export function castType(typeName: Tree, domains: ReadonlySet<string>): CastType {
  const names = isBranch(typeName) ? namesOf(typeName['names']) : []
  const name = names.at(-1) ?? ''
  if (names.length === 1 || names[0] === 'pg_catalog') return { name, dated: dated.has(name), zoned: zoned.has(name) }
  const known = domains.has(JSON.stringify(names))
  return { name, dated: known, zoned: known }
}

/** What tells the time, written as the moment it's frozen at; undefined for what doesn't. */
export function frozenFunction({ kind, fields }: SyntaxNode, clock: FrozenClock): string | undefined {
  const instant = `${literal(clock.instant)}::pg_catalog.timestamptz`
  if (kind === 'FuncCall') return instant
  const { op, typmod } = fields
  const type = types[String(op).replace(/^SVFOP_|_N$/g, '')]
  if (type === undefined) return undefined
  const precision = typeof typmod === 'number' && typmod >= 0 ? `(${typmod})` : ''
  return `(${instant}::pg_catalog.${type}${precision})`
}

const types: Readonly<Record<string, string>> = {
  CURRENT_DATE: 'date',
  CURRENT_TIME: 'timetz',
  CURRENT_TIMESTAMP: 'timestamptz',
  LOCALTIME: 'time',
  LOCALTIMESTAMP: 'timestamp',
}
