import { type Problem, type Warning, warning } from '../../errors.ts'
import { isReservedRole } from '../role-rules.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Reserved roles of the source that the target lacks, if anything that is copied refers to them. */
export function reservedRoles({ observed: { source, target }, databases }: RuleInput): (Problem | Warning)[] {
  const existing = new Set(target.roles.map(({ name }) => name))
  const memberships = source.roles.filter(({ name }) => !isReservedRole(name)).flatMap(({ memberOf }) => memberOf.map(({ role }) => role))
  const referred = databases.flatMap(({ pair }) => [pair.source.owner, ...(pair.catalog?.roles ?? [])])
  const skipped = [...new Set([...memberships, ...referred])].filter((name) => isReservedRole(name) && !existing.has(name)).sort()
  if (skipped.length === 0) return []
  return [
    warning(
      'role-skipped',
      `${counted(skipped.length, 'role')} reserved by PostgreSQL or a provider, and not there on the target: ${listed(skipped.map((name) => spelled(name)))}.`,
      {
        hint: 'Memberships in them and grants to them are left out; what they own belongs to the role that connects.',
      },
    ),
  ]
}
