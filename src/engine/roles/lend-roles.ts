import { z } from 'zod'
import { type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { identifier } from '../../sql/identifier.ts'
import { collectWarnings, isRefusal, serverHint, type Warnings } from '../warnings.ts'

export interface LentRoles extends AsyncDisposable {
  /** Owners that our role can't act for: what is theirs is restored without owner. */
  readonly withheld: readonly string[]
  readonly warnings: readonly Warning[]
  /** Leaves it lent when this run ends. False: it wasn't this run that lent it. */
  keep(owner: string): boolean
}

/**
 * Makes our role a member of the owners until disposed of: to give an object away takes membership in its new owner, and to load and
 * index it afterwards takes that owner's rights. Once per run, for all databases: memberships are the whole server's.
 * https://www.postgresql.org/docs/current/sql-alterdatabase.html
 */
export async function lendRoles(target: Session, owners: readonly string[], emit: Emit): Promise<LentRoles> {
  const warnings = collectWarnings(emit)
  const modern = target.versionNumber >= 160000
  const refused = new Map<string, string>()
  const undo = new Map<string, string>()
  for (const owner of (await readOwners(target, owners)).filter(({ name, usable }) => !usable && !isPredefined(name))) {
    try {
      await target.run(`grant ${identifier(owner.name)} to current_user${modern ? ' with inherit true, set true' : ''}`)
      // Before 16 a grant of what is granted changes nothing, and what we didn't grant isn't ours to revoke.
      if (modern || !owner.member) undo.set(owner.name, undoStatement(owner))
    } catch (error) {
      if (!isRefusal(error)) throw error
      refused.set(owner.name, error.message)
    }
  }
  const after = new Map((await readOwners(target, owners)).map((owner) => [owner.name, owner]))
  const withheld = owners.filter((name) => (isPredefined(name) ? !after.has(name) : after.get(name)?.usable !== true))
  for (const name of withheld.filter((name) => !isPredefined(name))) {
    const reason = refused.get(name) ?? (after.has(name) ? 'our role is NOINHERIT' : 'there is no such role on the target')
    warnings.add(withheldWarning(name, reason, target))
  }
  return {
    withheld,
    warnings: warnings.list,
    keep: (owner) => undo.delete(owner),
    [Symbol.asyncDispose]: () => giveBack(target, [...undo.values()], warnings),
  }
}

/** pg_database_owner, for one, has the database's owner for its only member, and nobody can be added. */
function isPredefined(name: string): boolean {
  return name.startsWith('pg_')
}

function withheldWarning(owner: string, reason: string, target: Session): Warning {
  const us = identifier(target.settings.user)
  return warning('role-skipped', `what ${identifier(owner)} owns will belong to ${us}: ${reason}`, {
    hint: 'Have the membership granted by a role that may, and start over.',
    sql: `GRANT ${identifier(owner)} TO ${us}`,
  })
}

const ownerRow = z.object({
  name: z.string(),
  usable: z.boolean(),
  member: z.boolean(),
  /** Options of a grant that we gave ourselves before, which ours changes (16+). */
  own: z.object({ admin: z.boolean(), inherit: z.boolean(), set: z.boolean() }).nullable(),
})

type Owner = z.infer<typeof ownerRow>

function readOwners(target: Session, owners: readonly string[]): Promise<Owner[]> {
  const give = target.versionNumber >= 160000 ? 'set' : 'member'
  return target.rows(
    ownerRow,
    `select r.rolname::text as name,
            pg_catalog.pg_has_role(r.oid, 'usage') and pg_catalog.pg_has_role(r.oid, '${give}') as usable,
            pg_catalog.pg_has_role(r.oid, 'member') as member,
            (select pg_catalog.json_build_object(
                      'admin', m.admin_option,
                      'inherit', coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, true),
                      'set', coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true))
               from pg_catalog.pg_auth_members m
               join pg_catalog.pg_roles u on u.oid = m.member and u.oid = m.grantor
              where m.roleid = r.oid and u.rolname = current_user) as own
       from pg_catalog.pg_roles r
      where r.rolname = any ($1::text[])
      order by r.rolname`,
    [owners],
  )
}

function undoStatement({ name, own }: Owner): string {
  if (own === null) return `revoke ${identifier(name)} from current_user`
  return `grant ${identifier(name)} to current_user with admin ${own.admin}, inherit ${own.inherit}, set ${own.set}`
}

/** The run may have been stopped, and the session with it: then another does it. */
async function giveBack(target: Session, undo: readonly string[], warnings: Warnings): Promise<void> {
  if (undo.length === 0) return
  const session = target.alive ? target : await openSession(target.settings, { database: target.database })
  try {
    for (const sql of undo) {
      await warnings.attempt(
        () => session.run(sql),
        (error) =>
          warning('statement-skipped', `a membership that the run needed is left behind: ${error.message}`, {
            hint: serverHint(error),
            sql,
          }),
      )
    }
  } finally {
    if (session !== target) await session[Symbol.asyncDispose]()
  }
}
