/** Comments and security labels of everything that isn't the system's, by address. A comment's provider is ''. */
export const remarksQuery = `
  select (d.classoid::pg_catalog.regclass)::text as catalog, d.objoid as oid, d.objsubid as sub, '' as provider, d.description as text
    from pg_catalog.pg_description d
   where d.objoid >= 16384
      or d.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
      or (d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objoid = 'public'::pg_catalog.regnamespace)
  union all
  select (d.classoid::pg_catalog.regclass)::text, d.objoid, 0, '', d.description
    from pg_catalog.pg_shdescription d
   where d.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
  union all
  select (l.classoid::pg_catalog.regclass)::text, l.objoid, l.objsubid, l.provider, l.label
    from pg_catalog.pg_seclabel l
  union all
  select (l.classoid::pg_catalog.regclass)::text, l.objoid, 0, l.provider, l.label
    from pg_catalog.pg_shseclabel l
   where l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass`
