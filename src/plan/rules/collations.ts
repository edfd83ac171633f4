import { type Problem, type Warning, warning } from '../../errors.ts'
import type { ObservedDatabase, ObservedServer } from '../observed.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** All indexes are built anew, so a different order corrupts nothing; but queries may sort differently. */
export function collations({ observed: { target }, databases }: RuleInput): (Problem | Warning)[] {
  const differing = databases.filter((database) => otherOrder(database) || otherVersion(target, database))
  if (differing.length === 0) return []
  return [
    warning(
      'collation-differs',
      `Text may sort differently on the target, by another collation or another version of it: ${listed(differing.map(shown))}.`,
      {
        hint: 'Indexes are built anew and are right. Look at range partitions and checks on text, and at queries that rely on an order.',
      },
    ),
  ]
}

function otherOrder({ pair: { source, target }, action }: ScopedDatabase): boolean {
  if (!target || action === 'create' || action === 'recreate') return false
  return order(source) !== order(target.database)
}

/** Recorded per database from 15 on: https://www.postgresql.org/docs/current/catalog-pg-database.html. Any database of the same provider tells the version. */
function otherVersion(target: ObservedServer, { pair: { source } }: ScopedDatabase): boolean {
  if (source.collationVersion === null) return false
  const comparable = target.databases.filter(
    ({ localeProvider, collationVersion }) => localeProvider === source.localeProvider && collationVersion !== null,
  )
  return comparable.length > 0 && comparable.every(({ collationVersion }) => collationVersion !== source.collationVersion)
}

function order({ localeProvider, collate, ctype, locale, icuRules }: ObservedDatabase): string {
  const names = localeProvider === 'c' ? [collate, ctype] : [locale, icuRules]
  return JSON.stringify([localeProvider, ...names.map((name) => name?.toLowerCase().replace('utf-8', 'utf8'))])
}

function shown({ pair: { source, target } }: ScopedDatabase): string {
  const one = (database: ObservedDatabase) =>
    [database.locale ?? database.collate, database.collationVersion].filter((part) => part !== null).join(' ')
  const there = target ? `, there ${one(target.database)}` : ''
  return `${spelled(source.name)} (here ${one(source)}${there})`
}
