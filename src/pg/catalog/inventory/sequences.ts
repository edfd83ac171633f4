import type { InventoryClass, Majors } from './inventory-class.ts'

/** Definitions; where they stand is read apart (sequence-values.ts). Unlogged sequences exist from 15 on. */
export const sequences = ({ common }: Majors): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  from: 'join pg_catalog.pg_sequence q on q.seqrelid = x.oid',
  where: `x.relkind = 'S'`,
  owner: 'x.relowner',
  acl: { items: 'x.relacl', kind: `'s'`, owner: 'x.relowner' },
  facts: {
    persistence: common < 15 ? 'null' : 'x.relpersistence',
    type: 'pg_catalog.format_type(q.seqtypid, null)',
    start: 'q.seqstart',
    increment: 'q.seqincrement',
    minimum: 'q.seqmin',
    maximum: 'q.seqmax',
    cache: 'q.seqcache',
    cycle: 'q.seqcycle',
    'owned by': `select pg_catalog.format('%s.%I', d.refobjid::pg_catalog.regclass, a.attname)
                   from pg_catalog.pg_depend d
                   join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.objid = x.oid
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.deptype in ('a', 'i')`,
  },
})
