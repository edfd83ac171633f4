import { z } from 'zod'
import type { ObservedRole } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { splitSetting } from './split-setting.ts'

/**
 * Memberships have their flags `inherit` and `set` from 16 on, so those are read by key; from then on, to give an object to a role
 * takes SET rather than mere membership.
 * https://www.postgresql.org/docs/current/catalog-pg-auth-members.html
 */
export async function readRoles(session: Session): Promise<readonly ObservedRole[]> {
  const usable = session.versionNumber >= 160000 ? 'set' : 'member'
  const rows = await session.rows(
    roleRow,
    `select r.rolname::text as "name",
            r.rolsuper as "superuser",
            r.rolinherit as "inherit",
            r.rolcreaterole as "createRole",
            r.rolcreatedb as "createDatabase",
            r.rolcanlogin as "login",
            r.rolreplication as "replication",
            r.rolbypassrls as "bypassRls",
            r.rolconnlimit as "connectionLimit",
            r.rolvaliduntil::text as "validUntil",
            pg_catalog.shobj_description(r.oid, 'pg_authid') as "comment",
            coalesce((select s.setconfig from pg_catalog.pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0), '{}') as "settings",
            (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                      'role', pg_catalog.pg_get_userbyid(m.roleid),
                      'grantor', pg_catalog.pg_get_userbyid(m.grantor),
                      'admin', m.admin_option,
                      'inherit', pg_catalog.to_jsonb(m) -> 'inherit_option',
                      'set', pg_catalog.to_jsonb(m) -> 'set_option') order by m.roleid, m.grantor), '[]')
               from pg_catalog.pg_auth_members m
              where m.member = r.oid) as "memberOf",
            pg_catalog.pg_has_role(r.oid, '${usable}') as "usable",
            pg_catalog.has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'select') as "passwordReadable"
       from pg_catalog.pg_roles r
      order by r.rolname`,
  )
  return rows.map((row) => ({ ...row, settings: row.settings.map(splitSetting) }))
}

const roleRow = z.object({
  name: z.string(),
  superuser: z.boolean(),
  inherit: z.boolean(),
  createRole: z.boolean(),
  createDatabase: z.boolean(),
  login: z.boolean(),
  replication: z.boolean(),
  bypassRls: z.boolean(),
  connectionLimit: z.number(),
  validUntil: z.string().nullable(),
  comment: z.string().nullable(),
  settings: z.array(z.string()),
  memberOf: z.array(
    z.object({ role: z.string(), grantor: z.string(), admin: z.boolean(), inherit: z.boolean().nullable(), set: z.boolean().nullable() }),
  ),
  usable: z.boolean(),
  passwordReadable: z.boolean(),
})
