import { z } from 'zod'
import type { ObservedDatabase } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { splitSetting } from './split-setting.ts'

/**
 * Columns for locale and collation version differ from 12 to 18, so that part of the row is read by key.
 * A `datconnlimit` of -2 marks a database whose DROP was interrupted: nobody can connect to it.
 * https://www.postgresql.org/docs/current/catalog-pg-database.html
 */
export async function readDatabases(session: Session): Promise<readonly ObservedDatabase[]> {
  const rows = await session.rows(
    databaseRow,
    `select d.datname::text as "name",
            d.oid,
            pg_catalog.pg_get_userbyid(d.datdba)::text as "owner",
            pg_catalog.pg_encoding_to_char(d.encoding)::text as "encoding",
            coalesce(j ->> 'datlocprovider', 'c') as "localeProvider",
            d.datcollate::text as "collate",
            d.datctype::text as "ctype",
            coalesce(j ->> 'datlocale', j ->> 'daticulocale') as "locale",
            j ->> 'daticurules' as "icuRules",
            j ->> 'datcollversion' as "collationVersion",
            d.datistemplate as "isTemplate",
            d.datallowconn and d.datconnlimit <> -2 as "allowConnections",
            d.datallowconn and d.datconnlimit <> -2 and coalesce(pg_catalog.has_database_privilege(d.oid, 'connect'), false) as "canConnect",
            d.datconnlimit as "connectionLimit",
            s.spcname::text as "tablespace",
            pg_catalog.shobj_description(d.oid, 'pg_database') as "comment",
            d.datacl::text[] as "acl",
            (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(coalesce(r.rolname, ''), c) order by r.rolname nulls first, n), '[]')
               from pg_catalog.pg_db_role_setting a
               left join pg_catalog.pg_roles r on r.oid = a.setrole
              cross join lateral pg_catalog.unnest(a.setconfig) with ordinality u(c, n)
              where a.setdatabase = d.oid) as "settings",
            case when pg_catalog.has_database_privilege(d.oid, 'connect') or pg_catalog.pg_has_role('pg_read_all_stats', 'usage')
                 then pg_catalog.pg_database_size(d.oid)
             end as "bytes"
       from pg_catalog.pg_database d
      cross join pg_catalog.to_jsonb(d) j
       join pg_catalog.pg_tablespace s on s.oid = d.dattablespace
      order by d.datname`,
  )
  return rows.map((row) => ({ ...row, settings: row.settings.map(([role, setting]) => ({ role, ...splitSetting(setting) })) }))
}

const databaseRow = z.object({
  name: z.string(),
  oid: z.number(),
  owner: z.string(),
  encoding: z.string(),
  localeProvider: z.enum(['c', 'i', 'b']),
  collate: z.string(),
  ctype: z.string(),
  locale: z.string().nullable(),
  icuRules: z.string().nullable(),
  collationVersion: z.string().nullable(),
  isTemplate: z.boolean(),
  allowConnections: z.boolean(),
  canConnect: z.boolean(),
  connectionLimit: z.number(),
  tablespace: z.string(),
  comment: z.string().nullable(),
  acl: z.array(z.string()).nullable(),
  settings: z.array(z.tuple([z.string(), z.string()])),
  bytes: z.bigint().nullable(),
})
