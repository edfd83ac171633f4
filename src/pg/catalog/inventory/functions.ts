import { functionName, type InventoryClass, isNoPart, type Majors, sortedItems } from './inventory-class.ts'

/** Functions, procedures and window functions, without ranges' own. Bodies in SQL's own syntax exist from 14 on. */
export const functions = ({ own }: Majors): InventoryClass => ({
  catalog: 'pg_proc',
  schema: 'x.pronamespace',
  from: 'join pg_catalog.pg_language l on l.oid = x.prolang',
  where: `x.prokind <> 'a' and ${isNoPart('pg_proc')}`,
  owner: 'x.proowner',
  acl: { items: 'x.proacl', kind: `'f'`, owner: 'x.proowner' },
  facts: {
    kind: 'x.prokind',
    language: 'l.lanname',
    body: `nullif(x.prosrc, '')`,
    library: 'x.probin',
    returns: `pg_catalog.format('%s%s', case when x.proretset then 'setof ' end, pg_catalog.format_type(x.prorettype, null))`,
    'argument names': 'x.proargnames',
    'argument modes': 'x.proargmodes',
    'argument types': `select pg_catalog.string_agg(pg_catalog.format_type(t.oid, null), ', ' order by t.number)
                         from pg_catalog.unnest(coalesce(x.proallargtypes, x.proargtypes)) with ordinality t(oid, number)`,
    volatility: 'x.provolatile',
    strict: 'x.proisstrict',
    'security definer': 'x.prosecdef',
    leakproof: 'x.proleakproof',
    parallel: 'x.proparallel',
    cost: 'x.procost',
    rows: 'x.prorows',
    settings: sortedItems('x.proconfig'),
    support: functionName('x.prosupport'),
    transforms: `select pg_catalog.string_agg(pg_catalog.format_type(t, null), ', ' order by pg_catalog.format_type(t, null))
                   from pg_catalog.unnest(x.protrftypes) t`,
  },
  definitions: {
    defaults: 'pg_catalog.pg_get_expr(x.proargdefaults, 0)',
    'SQL body': own < 14 ? 'null' : 'pg_catalog.pg_get_function_sqlbody(x.oid)',
  },
})
