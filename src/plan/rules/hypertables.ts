import { type Problem, problem } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames, relationsInScope } from './scoped.ts'

/** https://github.com/timescale/timescaledb/issues/1138 */
export function hypertables(input: RuleInput): Problem[] {
  const views = new Map(relationsInScope(input, 'view').map((view) => [key(view.database, view.relation.oid), view]))
  const found = relationsInScope(input, 'table').flatMap((table) => {
    const { database, relation, rule } = table
    if (!relation.isHypertable || (rule !== 'copy' && rule !== 'filtered')) return []
    // Those behind continuous aggregates have the names of their views; those with compressed rows are their hypertables'.
    return relation.partOf === null ? table : (views.get(key(database, relation.partOf)) ?? [])
  })
  if (found.length === 0) return []
  return [
    problem(
      'hypertable-not-replicated',
      `${counted(found.length, 'hypertable')} of TimescaleDB can't be replicated: ${listed(relationNames(input, found))}.`,
      {
        hint: 'New chunks are made with the rows on the source; no publication takes them in, and TimescaleDB’s catalog isn’t replicated. Copy them once with `snapshot-only`, name them in exclude-tables or schema-only-tables and replicate the other tables, or use the provider’s own tool.',
        ...place(found),
      },
    ),
  ]
}

const key = (database: string, oid: number) => JSON.stringify([database, oid])
