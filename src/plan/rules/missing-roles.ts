import { type Problem, type Warning, warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { canCreateRoles, isReservedRole } from '../role-rules.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Roles that can't be created for want of CREATEROLE. */
export function missingRoles({ observed: { source, target } }: RuleInput): (Problem | Warning)[] {
  if (canCreateRoles(target)) return []
  const existing = new Set(target.roles.map(({ name }) => name))
  const missing = source.roles.map(({ name }) => name).filter((name) => !isReservedRole(name) && !existing.has(name))
  if (missing.length === 0) return []
  return [
    warning(
      'role-skipped',
      `${counted(missing.length, 'role')} can't be created on the target: ${listed(missing.map((name) => spelled(name)))}.`,
      {
        hint: 'Their grants are left out, and their objects belong to the role that connects. To have them created, allow it.',
        sql: `ALTER ROLE ${identifier(target.user)} CREATEROLE;`,
      },
    ),
  ]
}
