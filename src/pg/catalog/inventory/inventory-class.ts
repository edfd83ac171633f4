import { isExtensionMember } from '../extension-member.ts'
import { userSchemas } from '../user-schemas.ts'

/** Majors: the server's own, and the lower of both sides', whose features are what can be compared. */
export interface Majors {
  readonly own: number
  readonly common: number
}

/** One class of objects, read by one query. All expressions are SQL on the alias `x`, the object's catalog row. */
export interface InventoryClass {
  readonly catalog: string
  /** `x.oid` unless told. */
  readonly oid?: string
  /** More tables to join to `x`; `s` is the schema where `schema` is set. */
  readonly from?: string
  readonly where?: string
  /** The schema's oid, for objects that lie in one; others are the user's if their oid isn't one of initdb's. */
  readonly schema?: string
  /** What it's part of: left out with it, and not listed apart when that is missing. */
  readonly parent?: { readonly catalog: string; readonly oid: string }
  /** Number of the column; 0 unless told. */
  readonly sub?: string
  /** As `pg_identify_object` has it, unless told. */
  readonly object?: string
  readonly identity?: string
  readonly owner?: string
  readonly acl?: { readonly items: string; readonly kind: string; readonly owner: string }
  /** Values that read the same on every major. */
  readonly facts?: Readonly<Record<string, string>>
  /** Expressions and statements, which majors spell differently. */
  readonly definitions?: Readonly<Record<string, string>>
  /** An array of `name=value`, whose values are compared but never shown. */
  readonly options?: string
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-OBJECT */
export function inventoryQuery(type: InventoryClass, { common }: Majors): string {
  const { catalog, oid = 'x.oid', from = '', where = 'true', schema, parent, sub = '0', owner, acl, options } = type
  const members = [{ catalog, oid }, ...(parent === undefined ? [] : [parent])].map(
    (one) => `and not ${isExtensionMember(one.catalog, one.oid)}`,
  )
  return `select '${catalog}' as catalog,
       ${oid} as oid,
       ${sub} as sub,
       ${parent === undefined ? 'null' : `'${parent.catalog}'`} as parent_catalog,
       ${parent?.oid ?? 'null::pg_catalog.oid'} as parent_oid,
       ${type.object ?? 'i.type'} as object,
       ${type.identity ?? 'i.identity'} as identity,
       ${owner === undefined ? 'null' : `pg_catalog.pg_get_userbyid(${owner})`}::text as owner,
       ${acl === undefined ? 'null::jsonb' : privileges(`coalesce(${acl.items}, pg_catalog.acldefault(${acl.kind}, ${acl.owner}))`, common)} as privileges,
       ${object(type.facts)} as facts,
       ${object(type.definitions)} as definitions,
       ${options === undefined ? 'null::jsonb' : optionValues(options)} as options
  from pg_catalog.${catalog} x
       ${from}
       ${schema === undefined ? '' : `join (${userSchemas}) s on s.oid = ${schema}`}
       ${type.object === undefined ? `cross join lateral pg_catalog.pg_identify_object('pg_catalog.${catalog}'::pg_catalog.regclass, ${oid}, 0) i` : ''}
 where (${where})
   ${schema === undefined && parent === undefined ? `and ${oid} >= 16384` : ''}
   ${members.join('\n   ')}`
}

/** Grantee → privileges, `*` for the right to grant; '' stands for PUBLIC. MAINTAIN exists from 17 on and comes with ALL. */
export function privileges(items: string, common: number): string {
  return `(
         select pg_catalog.jsonb_object_agg(g.role, g.privileges)
           from (
             select e.role,
                    pg_catalog.string_agg(e.privilege || case when e.grantable then '*' else '' end, ', ' order by e.privilege) as privileges
               from (
                 select case when a.grantee = 0 then '' else pg_catalog.pg_get_userbyid(a.grantee)::text end as role,
                        a.privilege_type as privilege,
                        pg_catalog.bool_or(a.is_grantable) as grantable
                   from pg_catalog.aclexplode(${items}) a
                  ${common < 17 ? `where a.privilege_type <> 'MAINTAIN'` : ''}
                  group by 1, 2
               ) e
              group by 1
           ) g
       )`
}

/** A condition: it wasn't made along with a type, such as a range's constructors. */
export function isNoPart(catalog: string): string {
  return `not exists (
            select
              from pg_catalog.pg_depend d
             where d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
               and d.objid = x.oid
               and d.deptype = 'i')`
}

/** A function's name without its arguments, whose types aren't the same on every major for built-in ones. */
export function functionName(oid: string): string {
  return `(select pg_catalog.format('%I.%I', fn.nspname, f.proname)
             from pg_catalog.pg_proc f
             join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace
            where f.oid = ${oid})`
}

/** Items of an array in an order of their own. */
export function sortedItems(array: string): string {
  return `(select pg_catalog.string_agg(item, ', ' order by item collate "C") from pg_catalog.unnest(${array}) item)`
}

export function tablespace(oid: string): string {
  return `(select ts.spcname from pg_catalog.pg_tablespace ts where ts.oid = ${oid})`
}

/** Null where it's the type's own. */
export function collation(oid: string, typeOid: string): string {
  return `(select pg_catalog.format('%I.%I', cn.nspname, co.collname)
             from pg_catalog.pg_collation co
             join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
             join pg_catalog.pg_type ct on ct.oid = ${typeOid}
            where co.oid = ${oid}
              and co.oid <> ct.typcollation)`
}

function optionValues(array: string): string {
  return `(select pg_catalog.jsonb_object_agg(o.option_name, coalesce(o.option_value, '')) from pg_catalog.pg_options_to_table(${array}) o)`
}

function object(values: InventoryClass['facts'] = {}): string {
  const pairs = Object.entries(values).map(([name, value]) => `'${name}', (${value})::pg_catalog.text`)
  return `pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(${pairs.join(',\n         ')}))`
}
