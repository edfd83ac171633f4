import type { TimeWindow } from '../config/config.ts'
import { nearest } from '../config/nearest.ts'
import { identifier, literal } from '../sql/identifier.ts'
import type { Condition } from './scope-database.ts'

/** A window's beginning: as a moment, as the clock showed it in the database's own time zone, and the first day that lies within. */
export interface CutOff {
  readonly instant: string
  readonly local: string
  readonly day: string
}

interface FilterColumn {
  readonly name: string
  /** `format_type`. */
  readonly type: string
}

export interface Predicate {
  readonly sql: string
  /** As the user wrote it, where that's another text. */
  readonly given: string | null
  readonly error: string | null
}

/** Names a window among the cut-offs; a valid interval. */
export function windowKey({ count, unit }: TimeWindow): string {
  return `${count} ${unit}`
}

/** One SQL condition of all: the same rows today, tomorrow, and in a publication's row filter. */
export function joinPredicates(pieces: readonly Predicate[]): Predicate {
  const join = (texts: readonly string[]) => (texts.length === 1 ? (texts[0] ?? '') : texts.map((text) => `(${text}\n)`).join(' and '))
  return {
    sql: join(pieces.map(({ sql }) => sql)),
    given: pieces.every(({ given }) => given === null) ? null : join(pieces.map(({ sql, given }) => given ?? sql)),
    error: pieces.map(({ error }) => error).find((one) => one !== null) ?? null,
  }
}

/** A window of time, with its cut-off literal. */
export function timePredicate(
  { column, window }: Extract<Condition, { kind: 'time' }>,
  columns: readonly FilterColumn[],
  cutOffs: ReadonlyMap<string, CutOff>,
): Predicate {
  const refused = (error: string): Predicate => ({ sql: '', given: null, error })
  const cutOff = cutOffs.get(windowKey(window))
  const type = columns.find(({ name }) => name === column)?.type
  if (type === undefined) return refused(missingColumn(column, columns))
  if (cutOff === undefined) return refused(`a window of ${windowKey(window)}s reaches back further than PostgreSQL's calendar`)
  const base = baseType(type)
  if (!isDated(base)) {
    const dated = datedColumns(columns)
    const those = dated.length === 0 ? ', of which it has none' : `: ${dated.join(', ')}`
    return refused(`its column ${column} is of type ${type}, and a time filter needs a date or timestamp${those}`)
  }
  const value = base === 'timestamp with time zone' ? cutOff.instant : base === 'date' ? cutOff.day : cutOff.local
  const sql = `${identifier(column)} >= ${literal(value)}::${base}`
  return { sql, given: `${identifier(column)} >= now() - interval ${literal(windowKey(window))}`, error: null }
}

/** Columns that a window can be put on. */
export function datedColumns(columns: readonly FilterColumn[]): string[] {
  return columns.filter(({ type }) => isDated(baseType(type))).map(({ name }) => name)
}

export function missingColumn(name: string, columns: readonly Pick<FilterColumn, 'name'>[]): string {
  const names = columns.map((one) => one.name)
  const near = nearest(name, names)
  return `it has no column ${name}; ${near === undefined ? `its columns are ${names.join(', ')}` : `the nearest is ${near}`}`
}

function baseType(type: string): string {
  return type.replace(/\(\d+\)/, '')
}

function isDated(type: string): boolean {
  return type === 'date' || type === 'timestamp with time zone' || type === 'timestamp without time zone'
}
