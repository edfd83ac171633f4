import { type InventoryClass, tablespace } from './inventory-class.ts'

/** An invalid index of a table serves nothing, and isn't copied; of a partitioned table it's one that lacks a partition's. */
export const indexes = (): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  from: `join pg_catalog.pg_index n on n.indexrelid = x.oid
       join pg_catalog.pg_class r on r.oid = n.indrelid`,
  where: `x.relkind in ('i', 'I') and (n.indisvalid or r.relkind = 'p')`,
  parent: { catalog: 'pg_class', oid: 'n.indrelid' },
  facts: {
    valid: 'n.indisvalid',
    clustered: 'nullif(n.indisclustered, false)',
    'replica identity': 'nullif(n.indisreplident, false)',
    tablespace: tablespace('x.reltablespace'),
    'part of': `select h.inhparent::pg_catalog.regclass from pg_catalog.pg_inherits h where h.inhrelid = x.oid`,
    'statistics targets': `select pg_catalog.string_agg(pg_catalog.format('%s: %s', a.attnum, a.attstattarget), ', ' order by a.attnum)
                             from pg_catalog.pg_attribute a
                            where a.attrelid = x.oid and a.attstattarget >= 0`,
  },
  definitions: { definition: 'pg_catalog.pg_get_indexdef(x.oid)' },
})
