import { type Problem, type Warning, warning } from '../../errors.ts'
import { attributesOf, canCreateRoles, isReservedRole, type RoleAttribute, settableAttributes } from '../role-rules.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

export function roleAttributes({ observed: { source, target } }: RuleInput): (Problem | Warning)[] {
  if (!canCreateRoles(target)) return []
  const existing = new Map(target.roles.map((role) => [role.name, attributesOf(role)]))
  const names = new Map<RoleAttribute, string[]>()
  for (const role of source.roles) {
    if (isReservedRole(role.name)) continue
    for (const attribute of settableAttributes(role, target).skipped) {
      if (!existing.get(role.name)?.includes(attribute)) names.set(attribute, [...(names.get(attribute) ?? []), spelled(role.name)])
    }
  }
  if (names.size === 0) return []
  const parts = [...names].map(([attribute, roles]) => `${attribute} (${listed(roles)})`)
  return [
    warning(
      'role-attribute-skipped',
      `Role ${spelled(target.user)} may not give roles of the target these attributes: ${parts.join('; ')}.`,
      {
        hint: "The roles are created without them. Providers have roles of their own for such rights (rds_superuser, rds_replication, …): grant those where they're needed.",
      },
    ),
  ]
}
