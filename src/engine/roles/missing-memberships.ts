import type { ObservedRole } from '../../plan/observed.ts'
import { isReservedRole } from '../../plan/role-rules.ts'
import { identifier } from '../../sql/identifier.ts'

export interface Membership {
  readonly role: string
  readonly member: string
  /** Null: nobody to name, since it was the bootstrap superuser, or grantors aren't kept. */
  readonly grantor: string | null
  readonly admin: boolean
  /** Null: the default, which follows the member's INHERIT. */
  readonly inherit: boolean | null
  /** Null: the default, true. */
  readonly set: boolean | null
}

/** What the target lacks of the roles' memberships. What it has more is kept: a statement never takes an option away. */
export function missingMemberships(roles: readonly ObservedRole[], existing: readonly ObservedRole[], keepGrantors: boolean): Membership[] {
  const wanted = unite(roles, keepGrantors)
  const there = unite(existing, keepGrantors)
  const missing: Membership[] = []
  for (const [key, membership] of wanted) {
    const own = there.get(key)
    if (own === undefined) missing.push(membership)
    else if (lacks(own, membership)) missing.push(combine(own, membership))
  }
  return missing
}

/** Before 16 a membership is whole: one that neither inherits nor sets can't be had. */
export function withoutRights({ inherit, set }: Membership): boolean {
  return inherit === false && set === false
}

/** `modern`: 16 and later, where a membership has its options. */
export function grantStatement(membership: Membership, modern: boolean): string {
  const { role, member, admin, inherit, set, grantor } = membership
  const grant = `grant ${identifier(role)} to ${identifier(member)}`
  if (!modern) return admin ? `${grant} with admin option` : grant
  const options = [`admin ${admin}`, ...(inherit === null ? [] : [`inherit ${inherit}`]), ...(set === null ? [] : [`set ${set}`])]
  return `${grant} with ${options.join(', ')}${grantor === null ? '' : ` granted by ${identifier(grantor)}`}`
}

/** Several grants of one membership have a grantor each; where those aren't kept, they're one. */
function unite(roles: readonly ObservedRole[], keepGrantors: boolean): Map<string, Membership> {
  const administrators = new Set(
    roles.flatMap(({ name, memberOf }) => memberOf.filter(({ admin }) => admin).map(({ role }) => key(role, name, null))),
  )
  const found = new Map<string, Membership>()
  for (const { name, memberOf } of roles) {
    for (const { role, grantor, ...options } of memberOf) {
      // Whoever granted without ADMIN OPTION is the bootstrap superuser, whose name may be another on the target.
      const named = keepGrantors && administrators.has(key(role, grantor, null)) && !isReservedRole(grantor) ? grantor : null
      const membership = { role, member: name, grantor: named, ...options }
      const before = found.get(key(role, name, named))
      found.set(key(role, name, named), before === undefined ? membership : combine(before, membership))
    }
  }
  return found
}

const key = (role: string, member: string, grantor: string | null) => JSON.stringify([role, member, grantor])

function lacks(own: Membership, wanted: Membership): boolean {
  return (wanted.admin && !own.admin) || (wanted.inherit === true && own.inherit === false) || (wanted.set === true && own.set === false)
}

function combine(one: Membership, other: Membership): Membership {
  const either = (a: boolean | null, b: boolean | null) => (a === null ? b : b === null ? a : a || b)
  return { ...one, admin: one.admin || other.admin, inherit: either(one.inherit, other.inherit), set: either(one.set, other.set) }
}
