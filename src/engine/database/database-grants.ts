import { z } from 'zod'
import { warning } from '../../errors.ts'
import type { Session } from '../../pg/session.ts'
import { identifier } from '../../sql/identifier.ts'
import { serverHint } from '../warnings.ts'
import type { DatabaseChange } from './database-properties.ts'

/**
 * Gives the database the source's grants, and takes from PUBLIC and from the owner what they lost there. Where the source has the
 * default privileges, nothing is changed.
 * https://www.postgresql.org/docs/current/ddl-priv.html
 */
export async function alignGrants({ source, target, plan, warnings }: DatabaseChange): Promise<void> {
  const wanted = await readGrants(source, plan.name)
  if (wanted.every(({ isDefault }) => isDefault)) return
  const there = await readGrants(target, plan.name)
  const sameOwner = wanted[0]?.owner === there[0]?.owner
  const has = (all: readonly Grant[], one: Grant) =>
    all.some((other) => other.grantee === one.grantee && other.privilege === one.privilege && (other.grantable || !one.grantable))
  const attempt = (sql: string) =>
    warnings.attempt(
      () => target.run(sql),
      (error) =>
        warning('statement-skipped', `database ${identifier(plan.name)}: ${sql.split('\n').at(-1)}: ${error.message}`, {
          database: plan.name,
          hint: serverHint(error),
          sql,
        }),
    )
  for (const grant of there) {
    const mayLose = grant.grantee === null || (sameOwner && grant.grantee === grant.owner)
    if (mayLose && !has(wanted, { ...grant, grantable: false })) {
      await attempt(`revoke ${grant.privilege.toLowerCase()} on database ${identifier(plan.name)} from ${spelled(grant.grantee)}`)
    }
  }
  for (const grant of wanted) {
    // The owner's own privileges come with ownership.
    if (has(there, grant) || (sameOwner && grant.grantee === grant.owner)) continue
    await attempt(grantStatement(plan.name, grant))
  }
}

const grantRow = z.object({
  owner: z.string(),
  /** Null: PUBLIC. */
  grantee: z.string().nullable(),
  grantor: z.string(),
  privilege: z.string(),
  grantable: z.boolean(),
  isDefault: z.boolean(),
})

type Grant = z.infer<typeof grantRow>

/** What the owner granted comes first: others pass on what they have. */
function readGrants(session: Session, database: string): Promise<Grant[]> {
  return session.rows(
    grantRow,
    `select pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
            case when a.grantee <> 0 then pg_catalog.pg_get_userbyid(a.grantee)::text end as grantee,
            pg_catalog.pg_get_userbyid(a.grantor)::text as grantor,
            a.privilege_type as privilege,
            a.is_grantable as grantable,
            d.datacl is null as "isDefault"
       from pg_catalog.pg_database d
      cross join pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
      where d.datname = $1
      order by a.grantor <> d.datdba, a.grantor, a.grantee, a.privilege_type`,
    [database],
  )
}

/** A privilege that was passed on names who passed it on; that's recorded only when the statement runs as that role. */
function grantStatement(database: string, { owner, grantee, grantor, privilege, grantable }: Grant): string {
  const grant = `grant ${privilege.toLowerCase()} on database ${identifier(database)} to ${spelled(grantee)}${grantable ? ' with grant option' : ''}`
  return grantor === owner ? grant : `set local role ${identifier(grantor)};\n${grant}`
}

const spelled = (grantee: string | null) => (grantee === null ? 'public' : identifier(grantee))
