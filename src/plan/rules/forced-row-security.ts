import { type Problem, problem, type Warning } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import { majorOf } from '../server-version.ts'
import { counted, listed } from './listing.ts'
import { publishable } from './published.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames } from './scoped.ts'

/** From 16 on changes are applied as the table's owner, and refused where policies apply to the owner too. */
export function forcedRowSecurity(input: RuleInput): (Problem | Warning)[] {
  const { target, source, replication } = input.observed
  if (replication === null || majorOf(target) < 16) return []
  const roles = new Map([...source.roles, ...target.roles].map((role) => [role.name, role]))
  const exempt = (owner: string) => roles.get(owner)?.superuser === true || roles.get(owner)?.bypassRls === true
  const tables = input.databases
    .flatMap((database) => publishable(input, database))
    .filter(({ relation }) => relation.rowSecurity === 'forced' && !exempt(relation.owner))
  if (tables.length === 0) return []
  return [
    problem(
      'privilege-missing',
      `Row security is forced on the owner of ${counted(tables.length, 'table')}: ${listed(relationNames(input, tables))}. The target applies changes as the owner, and refuses to.`,
      {
        hint: 'Take FORCE off on the source before the copy, give the owner BYPASSRLS on both servers, or leave the tables out.',
        sql: tables
          .slice(0, 10)
          .map(({ relation }) => `ALTER TABLE ${qualified(relation)} NO FORCE ROW LEVEL SECURITY;`)
          .join('\n'),
        ...place(tables),
      },
    ),
  ]
}
