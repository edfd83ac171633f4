export function catalogOid(name: string): string {
  return `'pg_catalog.${name}'::pg_catalog.regclass::pg_catalog.oid`
}

/** The object of the row `needed`, and its row type and array type, which stand for it in others' definitions. */
export const namesOfNeeded = `
  select needed.class, needed.oid
   union all
  select ${catalogOid('pg_type')}, u.oid
    from pg_catalog.pg_class c
    join pg_catalog.pg_type t on t.oid = c.reltype
   cross join lateral pg_catalog.unnest(array[t.oid, t.typarray]) u(oid)
   where needed.class = ${catalogOid('pg_class')}
     and c.oid = needed.oid
   union all
  select ${catalogOid('pg_type')}, t.typarray
    from pg_catalog.pg_type t
   where needed.class = ${catalogOid('pg_type')}
     and t.oid = needed.oid`

interface DependentClass {
  /** The catalog that `pg_depend` names. */
  readonly catalog: string
  /** Its row is `x`. */
  readonly from?: string
  readonly where: string
  /** The object of which that is a mere part, where it has no entry of its own in a dump. */
  readonly as?: { readonly catalog: string; readonly oid: string }
  /** The relation that it is, or is a part of. */
  readonly relation?: string
  /** SQL; loose unless told: see ScopeDependency. */
  readonly tie?: string
}

const viewKinds = `('v', 'm')`
const isColumnOwner = `c.oid = x.adrelid`

/** What a row of `pg_depend` may say is dependent, by its catalog. Rows that match none are parts, such as TOAST tables and array types. */
const dependentClasses: readonly DependentClass[] = [
  // A view is its rule, and its columns' types; a table of that type or with such a column, an index or a partition key can't do without.
  { catalog: 'pg_rewrite', where: `x.rulename = '_RETURN'`, as: { catalog: 'pg_class', oid: 'x.ev_class' }, relation: 'x.ev_class' },
  { catalog: 'pg_rewrite', where: `x.rulename <> '_RETURN'`, relation: 'x.ev_class' },
  {
    catalog: 'pg_class',
    from: 'left join pg_catalog.pg_index i on i.indexrelid = x.oid',
    where: `x.relkind in ('r', 'p', 'f', 'v', 'm', 'i', 'I') and d.refclassid <> ${catalogOid('pg_class')}`,
    relation: 'coalesce(i.indrelid, x.oid)',
    tie: `case when x.relkind in ${viewKinds} then 'loose' else 'firm' end`,
  },
  {
    catalog: 'pg_class',
    where: `x.relkind = 'S' and d.deptype in ('a', 'i') and d.refclassid = ${catalogOid('pg_class')}`,
    relation: 'x.oid',
    tie: `'owned'`,
  },
  { catalog: 'pg_class', where: `x.relkind = 'c'`, as: { catalog: 'pg_type', oid: 'x.reltype' } },
  {
    catalog: 'pg_attrdef',
    from: `join pg_catalog.pg_class c on ${isColumnOwner} and c.relkind in ${viewKinds}`,
    where: 'true',
    as: { catalog: 'pg_class', oid: 'x.adrelid' },
    relation: 'x.adrelid',
  },
  {
    catalog: 'pg_attrdef',
    from: `join pg_catalog.pg_class c on ${isColumnOwner} and c.relkind not in ${viewKinds}`,
    // A column's own sequence comes and goes with the table.
    where: `not exists (
              select
                from pg_catalog.pg_depend o
               where o.classid = ${catalogOid('pg_class')}
                 and o.objid = d.refobjid
                 and d.refclassid = ${catalogOid('pg_class')}
                 and o.refclassid = ${catalogOid('pg_class')}
                 and o.refobjid = x.adrelid
                 and o.deptype in ('a', 'i'))`,
    relation: 'x.adrelid',
    tie: `'firm'`,
  },
  {
    catalog: 'pg_constraint',
    where: `x.conrelid <> 0 and x.conparentid = 0 and x.contype <> 't'`,
    relation: 'x.conrelid',
    tie: `case when x.contype = 'f' then 'loose' else 'firm' end`,
  },
  { catalog: 'pg_constraint', where: 'x.contypid <> 0', as: { catalog: 'pg_type', oid: 'x.contypid' } },
  // Without one that restricts, more rows could be seen.
  { catalog: 'pg_policy', where: 'true', relation: 'x.polrelid', tie: `case when x.polpermissive then 'loose' else 'firm' end` },
  {
    catalog: 'pg_trigger',
    // Nor a copy on a partition, which hangs on its parent's.
    where: `not x.tgisinternal and not exists (
              select
                from pg_catalog.pg_depend o
               where o.classid = d.classid
                 and o.objid = d.objid
                 and o.refclassid = d.classid)`,
    relation: 'x.tgrelid',
  },
  { catalog: 'pg_statistic_ext', where: 'true', relation: 'x.stxrelid' },
  { catalog: 'pg_type', where: `x.typtype in ('d', 'r', 'b') and d.deptype <> 'i'` },
  {
    catalog: 'pg_proc',
    from: `join pg_catalog.pg_namespace n on n.oid = x.pronamespace and n.nspname !~ '^pg_'`,
    where: `d.deptype <> 'i'`,
  },
  ...['pg_amop', 'pg_amproc'].flatMap((catalog) =>
    ['pg_opclass', 'pg_opfamily'].map((owner) => ({
      catalog,
      from: `join pg_catalog.pg_depend o on o.classid = d.classid and o.objid = d.objid and o.refclassid = ${catalogOid(owner)}`,
      where: 'true',
      as: { catalog: owner, oid: 'o.refobjid' },
    })),
  ),
  ...[
    'pg_cast',
    'pg_conversion',
    'pg_event_trigger',
    'pg_foreign_data_wrapper',
    'pg_language',
    'pg_opclass',
    'pg_operator',
    'pg_transform',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_ts_parser',
    'pg_ts_template',
  ].map((catalog) => ({ catalog, where: 'true' })),
]

/** What the row `d` of `pg_depend` says is dependent, as what a dump has. */
export const dependentObject = dependentClasses
  .map(
    ({ catalog, from = '', where, as = { catalog, oid: 'x.oid' }, relation = 'null::pg_catalog.oid', tie = `'loose'` }) => `
  select ${catalogOid(as.catalog)} as class, ${as.oid} as oid, ${relation} as relation, ${tie} as tie
    from pg_catalog.${catalog} x
         ${from}
   where d.classid = ${catalogOid(catalog)}
     and x.oid = d.objid
     and ${where}`,
  )
  .join('\n   union all')
