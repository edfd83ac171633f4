import { identifier, qualified } from './identifier.ts'
import { rowAlias } from './row-alias.ts'

/** A table, or a partitioned one with all its partitions, and which of its rows are selected. */
export interface RowSource {
  readonly schema: string
  readonly name: string
  readonly kind: string
  /** The tables that hold its rows. */
  readonly leaves: readonly number[]
  readonly rows: 'all' | 'none' | { readonly predicate: string }
}

/** A foreign key, between the tables that hold the rows of either side. */
export interface KeyRows {
  readonly child: readonly RowSource[]
  readonly parent: readonly RowSource[]
  readonly childColumns: readonly string[]
  readonly parentColumns: readonly string[]
  /** The constraint's own, of parent and child: `operator("schema".=)`, with a collation where the sides' differ. With periods the last one is `&&`, and each row that it finds is needed. */
  readonly operators: readonly string[]
}

/**
 * Counts the rows that are selected, though a row that they refer to isn't. What refers to nothing at all is the source's own affair.
 * https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
 */
export function countOrphansSql(key: KeyRows): string {
  return `select pg_catalog.count(*) as rows
  from (${selectedRows(key.child, keyed(key.childColumns))}) child
 where exists (select from (${otherRows(key.parent, keyed(key.parentColumns))}) parent where ${matching(key)})`
}

export function selectedRows(sources: readonly RowSource[], columns: readonly string[]): string {
  return union(sources, columns, ({ rows }) => (rows === 'all' ? '' : rows === 'none' ? null : ` where (${rows.predicate}\n)`))
}

/** A condition that is null selects no row either. */
export function otherRows(sources: readonly RowSource[], columns: readonly string[]): string {
  return union(sources, columns, ({ rows }) => (rows === 'none' ? '' : rows === 'all' ? null : ` where (${rows.predicate}\n) is not true`))
}

/** Each reads its rows in a query of its own, so that the alias means the row of that one. */
export function union(sources: readonly RowSource[], columns: readonly string[], condition: (source: RowSource) => string | null): string {
  const queries = sources.flatMap((source) => {
    const where = condition(source)
    const only = source.kind === 'partitioned' ? '' : 'only '
    return where === null ? [] : [`select ${columns.join(', ')} from ${only}${qualified(source)} as ${rowAlias}${where}`]
  })
  return queries.join('\nunion all\n')
}

export function keyed(columns: readonly string[]): string[] {
  return columns.map((column, index) => `${rowAlias}.${identifier(column)} as c${index + 1}`)
}

export function matching({ operators }: Pick<KeyRows, 'operators'>): string {
  return operators.map((operator, index) => `parent.c${index + 1} ${operator} child.c${index + 1}`).join(' and ')
}
