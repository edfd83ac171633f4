import type { TimeWindow } from '../config/config.ts'
import { identifier, literal } from '../sql/identifier.ts'
import type { Condition } from './scope-database.ts'
import { findUnstable } from './unstable-expression.ts'

/** A window's beginning: as a moment, and as the clock showed it in the database's own time zone. */
export interface CutOff {
  readonly instant: string
  readonly local: string
}

interface FilterColumn {
  readonly name: string
  /** `format_type`. */
  readonly type: string
}

export type Predicate = { readonly sql: string; readonly error: null } | { readonly sql: string; readonly error: string }

/** Names a window among the cut-offs; a valid interval. */
export function windowKey({ count, unit }: TimeWindow): string {
  return `${count} ${unit}`
}

/** One SQL condition of all, with cut-off times literal: the same rows today, tomorrow, and in a publication's row filter. */
export function predicateOf(
  conditions: readonly Condition[],
  columns: readonly FilterColumn[],
  cutOffs: ReadonlyMap<string, CutOff>,
): Predicate {
  const pieces = conditions.map((one) => (one.kind === 'time' ? timePredicate(one, columns, cutOffs) : freePredicate(one.predicate)))
  const sql = pieces.length === 1 ? (pieces[0]?.sql ?? '') : pieces.map((piece) => `(${piece.sql}\n)`).join(' and ')
  const error = pieces.map((piece) => piece.error).find((one) => one !== null) ?? null
  return { sql, error }
}

function timePredicate(
  { column, window }: Extract<Condition, { kind: 'time' }>,
  columns: readonly FilterColumn[],
  cutOffs: ReadonlyMap<string, CutOff>,
): Predicate {
  const cutOff = cutOffs.get(windowKey(window))
  const type = columns.find(({ name }) => name === column)?.type
  if (type === undefined)
    return { sql: '', error: `it has no column ${column}; its columns are ${columns.map(({ name }) => name).join(', ')}` }
  if (cutOff === undefined) return { sql: '', error: `a window of ${windowKey(window)}s reaches back further than PostgreSQL's calendar` }
  const base = type.replace(/\(\d+\)/, '')
  const value =
    base === 'timestamp with time zone'
      ? cutOff.instant
      : base === 'timestamp without time zone' || base === 'date'
        ? cutOff.local
        : undefined
  if (value === undefined) return { sql: '', error: `its column ${column} is of type ${type}, and a time filter needs a date or timestamp` }
  return { sql: `${identifier(column)} >= ${literal(base === 'date' ? value.slice(0, value.indexOf(' ')) : value)}::${base}`, error: null }
}

function freePredicate(predicate: string): Predicate {
  const found = findUnstable(predicate)
  if (found === undefined) return { sql: predicate, error: null }
  return { sql: predicate, error: `${found} changes from one moment to the next, so that copy and verify would not mean the same rows` }
}
