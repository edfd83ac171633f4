import { z } from 'zod'
import { warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { isReservedRole } from '../../plan/role-rules.ts'
import { identifier } from '../../sql/identifier.ts'
import { serverHint, type Warnings } from '../warnings.ts'

interface GrantParameters {
  readonly source: Session
  readonly target: Session
  readonly warnings: Warnings
}

/**
 * Who may set which superuser setting; kept for the whole server, from 15 on.
 * https://www.postgresql.org/docs/current/catalog-pg-parameter-acl.html
 */
export async function grantParameters({ source, target, warnings }: GrantParameters): Promise<void> {
  if (source.versionNumber < 150000 || target.versionNumber < 150000) return
  const there = new Set((await readGrants(target)).map((grant) => JSON.stringify(grant)))
  for (const grant of await readGrants(source)) {
    if (there.has(JSON.stringify(grant)) || isReservedRole(grant.grantee ?? '')) continue
    const to = grant.grantee === null ? 'public' : identifier(grant.grantee)
    const sql = `grant ${grant.privilege.toLowerCase()} on parameter ${identifier(grant.parameter)} to ${to}${grant.grantable ? ' with grant option' : ''}`
    await warnings.attempt(
      () => target.run(sql),
      (error) =>
        warning(
          'role-attribute-skipped',
          `${to} was not granted ${grant.privilege} on the parameter ${grant.parameter}: ${error.message}`,
          {
            hint: serverHint(error),
            sql,
          },
        ),
    )
  }
}

const grantRow = z.object({ parameter: z.string(), grantee: z.string().nullable(), privilege: z.string(), grantable: z.boolean() })

/** The bootstrap superuser's own privileges are implied. */
function readGrants(session: Session) {
  return session.rows(
    grantRow,
    `select p.parname as parameter,
            r.rolname::text as grantee,
            a.privilege_type as privilege,
            a.is_grantable as grantable
       from pg_catalog.pg_parameter_acl p
      cross join pg_catalog.aclexplode(p.paracl) a
       left join pg_catalog.pg_roles r on r.oid = a.grantee
      where a.grantee <> 10
      order by p.parname, a.privilege_type, r.rolname`,
  )
}
