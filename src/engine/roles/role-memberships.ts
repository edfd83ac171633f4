import { type ReplicatorError, warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import type { ObservedRole, ObservedServer } from '../../plan/observed.ts'
import { isReservedRole } from '../../plan/role-rules.ts'
import { identifier } from '../../sql/identifier.ts'
import { isRefusal, serverHint, type Warnings } from '../warnings.ts'
import { grantStatement, type Membership, missingMemberships, withoutRights } from './missing-memberships.ts'

interface GrantMemberships {
  readonly target: Session
  readonly roles: readonly ObservedRole[]
  /** The target's roles as they are now. */
  readonly existing: readonly ObservedRole[]
  readonly server: ObservedServer
  readonly sourceVersion: number
  readonly warnings: Warnings
  readonly signal: AbortSignal
}

/** Grants the memberships that the target lacks. https://www.postgresql.org/docs/current/sql-grant.html#SQL-GRANT-DESCRIPTION-ROLES */
export async function grantMemberships({
  target,
  roles,
  existing,
  server,
  sourceVersion,
  warnings,
  signal,
}: GrantMemberships): Promise<void> {
  const there = new Set(existing.map(({ name }) => name))
  const modern = target.versionNumber >= 160000
  // Grantors were kept carelessly before 16, and only a superuser may name another than itself.
  const keepGrantors = modern && sourceVersion >= 160000 && server.superuser
  const inheriting = new Set(roles.filter(({ inherit }) => inherit).map(({ name }) => name))
  const missing: Membership[] = []
  for (const membership of missingMemberships(roles, existing, keepGrantors)) {
    if (!there.has(membership.member)) continue
    if (!there.has(membership.role)) reportAbsent(membership, warnings)
    else if (!modern && withoutRights(membership)) reportTooMuch(membership, warnings)
    else {
      if (!modern && givesMore(membership, inheriting)) reportMore(membership, warnings)
      missing.push(membership)
    }
  }
  const refused = await grantInRounds(target, missing, signal)
  for (const [membership, error] of refused) {
    signal.throwIfAborted()
    const sql = grantStatement({ ...membership, grantor: null }, modern)
    const granted =
      membership.grantor !== null &&
      (await warnings.attempt(
        () => target.run(sql),
        (error) => refusal(membership, error, sql),
      ))
    if (membership.grantor === null) warnings.add(refusal(membership, error, sql))
    if (granted) reportGrantor(membership, warnings)
  }
}

/** A grantor needs its ADMIN OPTION first, so what is refused is tried again as long as something else succeeded. */
async function grantInRounds(
  target: Session,
  memberships: readonly Membership[],
  signal: AbortSignal,
): Promise<Map<Membership, ReplicatorError>> {
  let left = memberships
  for (;;) {
    const refused = new Map<Membership, ReplicatorError>()
    for (const membership of left) {
      signal.throwIfAborted()
      try {
        await target.run(grantStatement(membership, target.versionNumber >= 160000))
      } catch (error) {
        if (!isRefusal(error)) throw error
        refused.set(membership, error)
      }
    }
    if (refused.size === 0 || refused.size === left.length) return refused
    left = [...refused.keys()]
  }
}

function givesMore({ member, inherit, set }: Membership, inheriting: ReadonlySet<string>): boolean {
  return set === false || (inherit === false && inheriting.has(member))
}

const spelled = ({ role, member }: Membership) => `the membership of ${identifier(member)} in ${identifier(role)}`

function refusal(membership: Membership, error: ReplicatorError, sql: string) {
  return warning('role-attribute-skipped', `${spelled(membership)} was not granted: ${error.message}`, { hint: serverHint(error), sql })
}

function reportAbsent(membership: Membership, warnings: Warnings): void {
  const why = isReservedRole(membership.role)
    ? 'that role is reserved, and not there on the target'
    : 'that role is not there on the target'
  warnings.add(
    warning('role-skipped', `${spelled(membership)} was left out: ${why}`, {
      hint: 'Grant what it stands for by the means of the target, if it is needed there.',
    }),
  )
}

function reportTooMuch(membership: Membership, warnings: Warnings): void {
  warnings.add(
    warning(
      'role-attribute-skipped',
      `${spelled(membership)} was left out: it gives ADMIN alone, and before PostgreSQL 16 a membership gives all rights of the role`,
      {
        hint: 'Grant it on the target, if the member may have those rights.',
        sql: grantStatement(membership, false),
      },
    ),
  )
}

function reportMore(membership: Membership, warnings: Warnings): void {
  warnings.add(
    warning('role-attribute-skipped', `${spelled(membership)} lacks its INHERIT or SET FALSE, which PostgreSQL knows from 16 on`, {
      hint: 'Revoke it on the target, if the member must not have those rights.',
      sql: `REVOKE ${identifier(membership.role)} FROM ${identifier(membership.member)}`,
    }),
  )
}

function reportGrantor(membership: Membership, warnings: Warnings): void {
  warnings.add(
    warning(
      'role-attribute-skipped',
      `${spelled(membership)} was granted by ourselves instead of ${identifier(membership.grantor ?? '')}, who may not grant it on the target`,
      {
        hint: 'It matters only to who may revoke it.',
      },
    ),
  )
}
