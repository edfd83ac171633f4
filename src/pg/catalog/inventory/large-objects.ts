import { type Majors, privileges } from './inventory-class.ts'

/** More than this many are compared as one: their content is compared along with the rows anyhow. */
export const mostListed = 10_000

export const largeObjectCountQuery = 'select pg_catalog.count(*) as count from pg_catalog.pg_largeobject_metadata'

/** Owners, grants and comments, of each or of all together: rows of the same shape as a class's. */
export function largeObjectsQuery({ common }: Majors, listed: boolean): string {
  const granted = privileges(`coalesce(x.lomacl, pg_catalog.acldefault('L', x.lomowner))`, common)
  return listed ? listedQuery(granted) : summedQuery(granted)
}

/** Comments and labels on them stand under the catalog of their pages. */
function listedQuery(granted: string): string {
  return `select 'pg_largeobject' as catalog,
       x.oid,
       0 as sub,
       null as parent_catalog,
       null::pg_catalog.oid as parent_oid,
       'large object' as object,
       x.oid::text as identity,
       pg_catalog.pg_get_userbyid(x.lomowner)::text as owner,
       ${granted} as privileges,
       '{}'::jsonb as facts,
       '{}'::jsonb as definitions,
       null::jsonb as options
  from pg_catalog.pg_largeobject_metadata x`
}

function summedQuery(granted: string): string {
  return `select 'pg_largeobject' as catalog,
       0::pg_catalog.oid as oid,
       0 as sub,
       null as parent_catalog,
       null::pg_catalog.oid as parent_oid,
       'large objects' as object,
       'all' as identity,
       null as owner,
       null::jsonb as privileges,
       pg_catalog.jsonb_build_object('sum of owners, privileges and comments',
         pg_catalog.sum(pg_catalog.hashtextextended(r.line collate pg_catalog."C", 0))::text) as facts,
       '{}'::jsonb as definitions,
       null::jsonb as options
  from (
    select pg_catalog.concat_ws(' ', x.oid, pg_catalog.pg_get_userbyid(x.lomowner), ${granted}, d.description) as line
      from pg_catalog.pg_largeobject_metadata x
      left join pg_catalog.pg_description d on d.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass and d.objoid = x.oid
  ) r`
}
