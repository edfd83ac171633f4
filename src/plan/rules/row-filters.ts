import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { isFiltered } from '../publishing.ts'
import { majorOf } from '../server-version.ts'
import { counted, listed } from './listing.ts'
import { type PublishableTable, publishable } from './published.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames } from './scoped.ts'

/** Of `follow-foreign-keys`. */
const seesOneRow = 'rows that other tables refer to come along, and a row filter sees one row alone'

interface RefusedFilter extends PublishableTable {
  readonly why: string
}

/**
 * Filters that copy and don't publish. One of the user's is refused, since the target would get what it shall not have; what an extension
 * wants dumped of its tables is left as it was copied.
 */
export function rowFilters(input: RuleInput): (Problem | Warning)[] {
  const { replication, source } = input.observed
  if (replication === null) return []
  const before15 = majorOf(source) < 15 ? `PostgreSQL ${majorOf(source)} has no row filters, 15 and later have` : null
  const refused = input.databases.flatMap((database) => {
    const judged = replication.databases.get(database.pair.source.name)?.rowFilters
    return publishable(input, database)
      .filter(({ relation, rule }) => isFiltered(relation, rule))
      .flatMap((table) => {
        const why = table.comesAlong !== undefined ? seesOneRow : (before15 ?? judged?.get(table.relation.oid)?.error ?? null)
        return why === null ? [] : [{ ...table, why }]
      })
  })
  return [...new Set(refused.map(({ why }) => why))].flatMap((why) => {
    const alike = refused.filter((one) => one.why === why)
    return [
      ...ofTheUser(
        input,
        alike.filter(({ rule }) => rule === 'filtered'),
        why,
      ),
      ...ofExtensions(
        input,
        alike.filter(({ rule }) => rule !== 'filtered'),
        why,
      ),
    ]
  })
}

function ofTheUser(input: RuleInput, tables: readonly RefusedFilter[], why: string): Problem[] {
  if (tables.length === 0) return []
  return [
    problem(
      'row-filter-refused',
      `The source can't publish ${counted(tables.length, 'filtered table')}: ${listed(relationNames(input, tables))}: ${why}.`,
      {
        hint:
          why === seesOneRow
            ? 'Have these tables whole: name them in include-tables and take their filters off. Or copy without replication: snapshot-only.'
            : `${mending(input)} Otherwise take the whole table, leave it out (exclude-tables, schema-only-tables), or copy once without replication: snapshot-only takes any filter. replica-identity doesn't help here.`,
        ...place(tables),
      },
    ),
  ]
}

function mending({ observed }: RuleInput): string {
  return majorOf(observed.source) < 15
    ? 'A source of 15 or later would take it.'
    : 'A row filter compares columns with literals, by built-in operators and immutable built-in functions, and without a subquery: write it so.'
}

function ofExtensions(input: RuleInput, tables: readonly RefusedFilter[], why: string): Warning[] {
  if (tables.length === 0) return []
  return [
    warning(
      'table-not-replicated',
      `${counted(tables.length, 'table')} of extensions copied once and not replicated: ${listed(relationNames(input, tables))}: ${why}.`,
      { hint: 'The extension tells its own rows from yours by a condition, which publishing would need.', ...place(tables) },
    ),
  ]
}
