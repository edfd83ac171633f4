import { type Majors, privileges } from './inventory-class.ts'

/** The database itself: one row of the same shape. Locales may rightly have other names on another system. */
export function databaseQuery({ common }: Majors): string {
  return `select 'pg_database' as catalog,
       d.oid,
       0 as sub,
       null as parent_catalog,
       null::pg_catalog.oid as parent_oid,
       'database' as object,
       pg_catalog.quote_ident(d.datname) as identity,
       pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
       ${privileges(`coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))`, common)} as privileges,
       pg_catalog.jsonb_build_object('encoding', pg_catalog.pg_encoding_to_char(d.encoding)) || coalesce(s.settings, '{}') as facts,
       '{}'::jsonb as definitions,
       null::jsonb as options
  from pg_catalog.pg_database d
 cross join lateral (
         select pg_catalog.jsonb_object_agg(
                  pg_catalog.format('setting %s%s', pg_catalog.split_part(c.item, '=', 1),
                                    case when s.setrole <> 0 then ' of role ' || pg_catalog.pg_get_userbyid(s.setrole) end),
                  pg_catalog.substr(c.item, pg_catalog.strpos(c.item, '=') + 1)) as settings
           from pg_catalog.pg_db_role_setting s
          cross join lateral pg_catalog.unnest(s.setconfig) c(item)
          where s.setdatabase = d.oid
       ) s
 where d.datname = pg_catalog.current_database()`
}
