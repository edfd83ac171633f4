import { type KeyRows, keyed, matching, otherRows, type RowSource, selectedRows, union } from './key-rows.ts'
import { rowAlias } from './row-alias.ts'

/** A parent's rows that aren't selected by themselves but may come along are those of its sources with a condition. */
const rowId = [`${rowAlias}.tableoid as rel`, `${rowAlias}.ctid::pg_catalog.text as tid`]

/** How many rows come along, by the table that holds them. */
export function countFollowedSql(keys: readonly KeyRows[]): string {
  return `${withClosure(keys)}\nselect closure.rel, pg_catalog.count(*) as rows from closure group by closure.rel`
}

/**
 * The rows that a condition selects, and those that selected rows refer to, through however many tables. Made an array first, which the planner takes
 * for short, so that it keeps the rows in a hash table instead of searching through them for each row.
 */
export function followedPredicate(predicate: string, keys: readonly KeyRows[], leaves: readonly number[]): string {
  return `(${predicate}
) or (${rowAlias}.tableoid::pg_catalog.text || ${rowAlias}.ctid::pg_catalog.text) in (
select needed.id from pg_catalog.unnest(array(
${withClosure(keys)}
select closure.rel::pg_catalog.text || closure.tid from closure where closure.rel in (${leaves.join(', ')})
)) as needed(id))`
}

/**
 * Rows that aren't selected by themselves: those that selected rows refer to, and those that these refer to in turn. By their place in the table,
 * which one snapshot sees unchanged; as text, since a tid can't be hashed before 14.
 */
function withClosure(keys: readonly KeyRows[]): string {
  const first = keys.map(
    (key) => `select parent.rel, parent.tid
  from (${followable(key)}) parent
 where exists (select from (${selectedRows(key.child, keyed(key.childColumns))}) child where ${matching(key)})`,
  )
  const next = keys
    .filter(({ child }) => child.some(mayComeAlong))
    .map(
      (key) => `select parent.rel, parent.tid
  from (${union(key.child.filter(mayComeAlong), keyed(key.childColumns), () => ofTheStep)}) child
  join (${followable(key)}) parent on ${matching(key)}`,
    )
  // The offset keeps the step a lookup for each row that came along, however many there are: a chain can be as long as a table.
  const step =
    next.length === 0
      ? ''
      : `
union
select step.rel, step.tid from closure cross join lateral (
${next.join('\nunion all\n')}
offset 0) step`
  return `with recursive closure(rel, tid) as (
select found.rel, found.tid from (
${first.join('\nunion all\n')}
) found${step === '' ? '\ngroup by found.rel, found.tid' : step}
)`
}

const ofTheStep = ` where ${rowAlias}.tableoid = closure.rel and ${rowAlias}.ctid = closure.tid::pg_catalog.tid`

export function mayComeAlong({ rows }: RowSource): boolean {
  return rows !== 'all' && rows !== 'none'
}

function followable({ parent, parentColumns }: KeyRows): string {
  return otherRows(parent.filter(mayComeAlong), [...rowId, ...keyed(parentColumns)])
}
