import { z } from 'zod'
import type { Session } from '../session.ts'
import { userSchemas } from './user-schemas.ts'

/**
 * Roles that own objects or stand in grants and policies. pg_shdepend has them all but the pinned ones; of those only the bootstrap
 * superuser owns what users make.
 * https://www.postgresql.org/docs/current/catalog-pg-shdepend.html
 */
export async function readUsedRoles(session: Session): Promise<{ readonly all: readonly string[]; readonly owners: readonly string[] }> {
  const rows = await session.rows(
    z.object({ name: z.string(), owns: z.boolean() }),
    `select r.rolname::text as name,
            bool_or(u.owns) as owns
       from pg_catalog.pg_roles r
       join (
              select d.refobjid as role, d.deptype = 'o' as owns
                from pg_catalog.pg_shdepend d
                join pg_catalog.pg_database b on b.datname = pg_catalog.current_database()
               where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
                 and (d.dbid = b.oid or (d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass and d.objid = b.oid))
               union all
              select b.datdba, true
                from pg_catalog.pg_database b
               where b.datname = pg_catalog.current_database()
               union all
              select c.relowner, true
                from pg_catalog.pg_class c
                join (${userSchemas}) s on s.oid = c.relnamespace
               where c.relkind in ('r', 'p', 'm', 'v', 'f', 'S')) u on u.role = r.oid
      group by r.rolname
      order by r.rolname`,
  )
  return { all: rows.map(({ name }) => name), owners: rows.filter(({ owns }) => owns).map(({ name }) => name) }
}
