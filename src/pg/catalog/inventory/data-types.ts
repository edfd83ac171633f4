import { collation, functionName, type InventoryClass, type Majors } from './inventory-class.ts'

/**
 * Enums, domains, ranges, base types, composite types of their own, and shells. Array types, multiranges (14) and the row types of
 * tables come with what they belong to.
 */
export const types = ({ common }: Majors): InventoryClass => ({
  catalog: 'pg_type',
  schema: 'x.typnamespace',
  from: `left join pg_catalog.pg_range r on r.rngtypid = x.oid
       left join pg_catalog.pg_class c on c.oid = x.typrelid`,
  where: `x.typtype <> 'm'
          and (x.typrelid = 0 or c.relkind = 'c')
          and not exists (select from pg_catalog.pg_type e where e.typarray = x.oid)`,
  owner: 'x.typowner',
  acl: { items: 'x.typacl', kind: `'T'`, owner: 'x.typowner' },
  facts: {
    kind: 'x.typtype',
    shell: 'nullif(x.typisdefined, true)',
    labels: `select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
               from pg_catalog.pg_enum e
              where e.enumtypid = x.oid`,
    ...domainFacts,
    ...rangeFacts,
    multirange: common < 14 ? 'null' : 'nullif(r.rngmultitypid, 0)::pg_catalog.regtype',
    ...baseFacts,
    subscript: common < 14 ? 'null' : base(functionName('x.typsubscript')),
  },
  definitions: { default: `case when x.typtype = 'd' then pg_catalog.pg_get_expr(x.typdefaultbin, 0) end` },
})

const domainFacts = {
  'base type': `case when x.typtype = 'd' then pg_catalog.format_type(x.typbasetype, x.typtypmod) end`,
  'not null': 'nullif(x.typnotnull, false)',
  collation: collation('x.typcollation', 'x.typbasetype'),
}

const rangeFacts = {
  subtype: 'pg_catalog.format_type(r.rngsubtype, null)',
  'subtype operator class': `select pg_catalog.format('%I.%I', n.nspname, o.opcname)
                               from pg_catalog.pg_opclass o
                               join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
                              where o.oid = r.rngsubopc`,
  'subtype collation': collation('r.rngcollation', 'r.rngsubtype'),
  canonical: functionName('r.rngcanonical'),
  difference: functionName('r.rngsubdiff'),
}

const base = (expression: string) => `case when x.typtype = 'b' then ${expression} end`

const baseFacts = {
  input: base(functionName('x.typinput')),
  output: base(functionName('x.typoutput')),
  receive: base(functionName('x.typreceive')),
  send: base(functionName('x.typsend')),
  'modifier input': base(functionName('x.typmodin')),
  'modifier output': base(functionName('x.typmodout')),
  analyze: base(functionName('x.typanalyze')),
  length: base('x.typlen'),
  'by value': base('x.typbyval'),
  alignment: base('x.typalign'),
  storage: base('x.typstorage'),
  category: base('x.typcategory'),
  preferred: base('x.typispreferred'),
  delimiter: base('x.typdelim'),
  element: base('nullif(x.typelem, 0)::pg_catalog.regtype'),
  collatable: base('x.typcollation <> 0'),
  'default value': base('x.typdefault'),
}
