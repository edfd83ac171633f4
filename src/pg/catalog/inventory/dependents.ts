/**
 * What can't be without the given relations, all the way: indexes, constraints, triggers, and views through their rules.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export const dependentsQuery = `
  with recursive dependents(class, oid, sub) as (
    select 'pg_catalog.pg_class'::pg_catalog.regclass::oid, e.oid, 0
      from pg_catalog.unnest($1::oid[]) e(oid)
    union
    select case when w.oid is null then d.classid else 'pg_catalog.pg_class'::pg_catalog.regclass::oid end,
           coalesce(w.ev_class, d.objid),
           case when w.oid is null then d.objsubid else 0 end
      from dependents p
      join pg_catalog.pg_depend d on d.refclassid = p.class and d.refobjid = p.oid and (p.sub = 0 or d.refobjsubid = p.sub)
      left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = d.objid
     where d.deptype in ('n', 'a', 'i', 'P', 'S')
  )
  select (class::pg_catalog.regclass)::text as catalog, oid, sub
    from dependents`
