import { type Problem, type Warning, warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import type { ObservedRole, ObservedServer } from '../observed.ts'
import { majorOf } from '../server-version.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { relationsOf } from './scoped.ts'

/** To give an object away one must be able to become its new owner: https://www.postgresql.org/docs/current/sql-altertable.html */
export function ownership({ observed: { target }, databases }: RuleInput): (Problem | Warning)[] {
  if (target.superuser) return []
  const owners = databases.flatMap((database) => [
    database.pair.source.owner,
    ...relationsOf(database, 'table', 'partitioned', 'view', 'materialized-view', 'sequence', 'foreign-table').map(
      ({ relation }) => relation.owner,
    ),
  ])
  const existing = new Map(target.roles.map((role) => [role.name, role]))
  const foreign = [...new Set(owners)].sort().filter((name) => name !== target.user && !obtainable(existing.get(name), target))
  if (foreign.length === 0) return []
  return [
    warning(
      'privilege-missing',
      `Role ${spelled(target.user)} can't give objects to ${counted(foreign.length, 'role')} of the target: ${listed(foreign.map((name) => spelled(name)))}.`,
      {
        hint: `Without a grant their objects belong to ${spelled(target.user)}; nothing else changes.`,
        sql: `GRANT ${foreign.map(identifier).join(', ')} TO ${identifier(target.user)};`,
      },
    ),
  ]
}

/** A role that isn't there yet is made by us, and so ours to use; before 16 CREATEROLE could join every role but superusers. */
function obtainable(role: ObservedRole | undefined, target: ObservedServer): boolean {
  return !role || role.usable || (target.createRole && majorOf(target) < 16 && !role.superuser)
}
