import { functionName, type InventoryClass } from './inventory-class.ts'

/** Operator classes, families, and the members of families, whichever class brought them. */
export const operatorClasses = (): InventoryClass[] => [
  {
    catalog: 'pg_opclass',
    schema: 'x.opcnamespace',
    owner: 'x.opcowner',
    facts: {
      type: 'pg_catalog.format_type(x.opcintype, null)',
      'stored type': 'case when x.opckeytype <> 0 then pg_catalog.format_type(x.opckeytype, null) end',
      default: 'x.opcdefault',
      family: `select pg_catalog.format('%I.%I', n.nspname, f.opfname)
                 from pg_catalog.pg_opfamily f
                 join pg_catalog.pg_namespace n on n.oid = f.opfnamespace
                where f.oid = x.opcfamily`,
    },
  },
  { catalog: 'pg_opfamily', schema: 'x.opfnamespace', owner: 'x.opfowner' },
  {
    catalog: 'pg_amop',
    where: `x.oid >= 16384 and ${isNoExtensions('pg_amop')}`,
    parent: { catalog: 'pg_opfamily', oid: 'x.amopfamily' },
    facts: {
      operator: 'x.amopopr::pg_catalog.regoperator',
      purpose: 'x.amoppurpose',
      'sort family': `select pg_catalog.format('%I.%I', n.nspname, f.opfname)
                        from pg_catalog.pg_opfamily f
                        join pg_catalog.pg_namespace n on n.oid = f.opfnamespace
                       where f.oid = x.amopsortfamily`,
    },
  },
  {
    catalog: 'pg_amproc',
    where: `x.oid >= 16384 and ${isNoExtensions('pg_amproc')}`,
    parent: { catalog: 'pg_opfamily', oid: 'x.amprocfamily' },
    facts: { function: functionName('x.amproc') },
  },
]

/** Members of families belong to an extension through the class that brought them. */
function isNoExtensions(catalog: string): string {
  return `not exists (
            select
              from pg_catalog.pg_depend d
              join pg_catalog.pg_depend e on e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e'
             where d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
               and d.objid = x.oid)`
}
