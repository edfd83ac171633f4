import { isExtensionMember } from '../extension-member.ts'
import type { Majors } from './inventory-class.ts'

/**
 * What was granted or revoked (`-`) on objects of the system and of extensions since they came: that is the user's own doing, and a
 * dump carries it. Rows of the same shape as a class's. https://www.postgresql.org/docs/current/catalog-pg-init-privs.html
 */
export function systemPrivilegesQuery({ common }: Majors): string {
  return `select 'privileges' as catalog,
       c.oid,
       0 as sub,
       null as parent_catalog,
       null::pg_catalog.oid as parent_oid,
       'privileges' as object,
       o.type || ' ' || o.identity as identity,
       null::text as owner,
       p.privileges,
       '{}'::jsonb as facts,
       '{}'::jsonb as definitions,
       null::jsonb as options
  from (${candidates.map(candidate).join('\n        union all')}) c
  left join pg_catalog.pg_init_privs i on i.classoid = c.class and i.objoid = c.oid and i.objsubid = 0
 cross join lateral (${changes('coalesce(i.initprivs, pg_catalog.acldefault(c.kind, c.owner))', common)}) p
 cross join lateral pg_catalog.pg_identify_object(c.class, c.oid, 0) o
 where p.privileges is not null`
}

/** As in a dump, what lies in information_schema isn't among them, and the schema public counts as the user's. */
const candidates = [
  {
    catalog: 'pg_class',
    acl: 'relacl',
    owner: 'relowner',
    kind: `case x.relkind when 'S' then 's' else 'r' end::"char"`,
    system: inCatalog('relnamespace'),
  },
  { catalog: 'pg_proc', acl: 'proacl', owner: 'proowner', kind: `'f'::"char"`, system: inCatalog('pronamespace') },
  { catalog: 'pg_type', acl: 'typacl', owner: 'typowner', kind: `'T'::"char"`, system: inCatalog('typnamespace') },
  { catalog: 'pg_namespace', acl: 'nspacl', owner: 'nspowner', kind: `'n'::"char"`, system: `x.nspname = 'pg_catalog'` },
  { catalog: 'pg_language', acl: 'lanacl', owner: 'lanowner', kind: `'l'::"char"`, system: 'x.oid < 16384' },
]

function inCatalog(namespace: string): string {
  return `x.${namespace} = 'pg_catalog'::pg_catalog.regnamespace`
}

function candidate({ catalog, acl, owner, kind, system }: (typeof candidates)[number]): string {
  return `
        select 'pg_catalog.${catalog}'::pg_catalog.regclass as class, x.oid, x.${acl} as acl, x.${owner} as owner, ${kind} as kind
          from pg_catalog.${catalog} x
         where x.${acl} is not null
           and (${system} or ${isExtensionMember(catalog, 'x.oid')})`
}

function changes(initial: string, common: number): string {
  return `
         select pg_catalog.jsonb_object_agg(r.role, r.changes) as privileges
           from (
             select case when e.grantee = 0 then '' else pg_catalog.pg_get_userbyid(e.grantee)::text end as role,
                    pg_catalog.string_agg(e.sign || e.privilege_type || case when e.is_grantable then '*' else '' end, ', '
                                          order by e.sign, e.privilege_type) as changes
               from (
                 select '' as sign, added.*
                   from (${items('c.acl')} except ${items(initial)}) added
                 union all
                 select '-', gone.*
                   from (${items(initial)} except ${items('c.acl')}) gone
               ) e
              ${common < 17 ? `where e.privilege_type <> 'MAINTAIN'` : ''}
              group by 1
           ) r`
}

const items = (acl: string) => `select grantee, privilege_type, is_grantable from pg_catalog.aclexplode(${acl})`
