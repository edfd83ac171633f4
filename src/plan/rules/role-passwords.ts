import { type Problem, type Warning, warning } from '../../errors.ts'
import { canCreateRoles, isReservedRole } from '../role-rules.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Only superusers read pg_authid: https://www.postgresql.org/docs/current/catalog-pg-authid.html */
export function rolePasswords({ observed: { source, target } }: RuleInput): (Problem | Warning)[] {
  if (!canCreateRoles(target)) return []
  const existing = new Set(target.roles.map(({ name }) => name))
  const without = source.roles.filter(
    ({ name, login, passwordReadable }) => login && !passwordReadable && !isReservedRole(name) && !existing.has(name),
  )
  if (without.length === 0) return []
  return [
    warning(
      'role-password-unreadable',
      `Role ${spelled(source.user)} may not read passwords; ${counted(without.length, 'role')} will have none on the target: ${listed(without.map(({ name }) => spelled(name)))}.`,
      {
        hint: 'Set them on the target, in psql: \\password followed by the name. Or connect to the source as a superuser.',
      },
    ),
  ]
}
