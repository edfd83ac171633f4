import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames, relationsInScope, type ScopedRelation } from './scoped.ts'

/** https://www.postgresql.org/docs/current/logical-replication-restrictions.html */
export function notReplicated(input: RuleInput): (Problem | Warning)[] {
  return [
    ...largeObjects(input),
    ...relations(
      input,
      'unlogged table',
      relationsInScope(input, 'table').filter(({ relation }) => relation.unlogged),
    ),
    ...relations(input, 'materialized view', relationsInScope(input, 'materialized-view')),
    ...relations(input, 'sequence', relationsInScope(input, 'sequence')),
  ]
}

function largeObjects({ databases }: RuleInput): Warning[] {
  const holding = databases.filter(({ pair }) => (pair.catalog?.largeObjects.count ?? 0n) > 0n)
  if (holding.length === 0) return []
  const count = holding.reduce((sum, { pair }) => sum + (pair.catalog?.largeObjects.count ?? 0n), 0n)
  const names = holding.map(({ pair }) => spelled(pair.source.name))
  return [
    warning(
      'not-replicated',
      `${counted(count, 'large object')} in ${listed(names)}: copied once, later changes to them aren't replicated.`,
      {
        hint: 'Stop writing them before the cutover, and copy what changed.',
        ...(holding.length === 1 && holding[0] ? { database: holding[0].pair.source.name } : {}),
      },
    ),
  ]
}

const hints = {
  'unlogged table': 'Copy them again at the cutover, or set them LOGGED on the source.',
  'materialized view': 'Refresh them on the target, whenever their tables changed.',
  sequence: 'Set them again at the cutover, before anything else is written to the target: new rows would get numbers that exist.',
} as const

function relations(input: RuleInput, what: keyof typeof hints, found: readonly ScopedRelation[]): Warning[] {
  if (found.length === 0) return []
  return [
    warning(
      'not-replicated',
      `${counted(found.length, what)}: ${listed(relationNames(input, found))}. Copied once, later changes aren't replicated.`,
      {
        hint: hints[what],
        ...place(found),
      },
    ),
  ]
}
