import { type InventoryClass, sortedItems, tablespace } from './inventory-class.ts'

/** Tables, partitioned tables, partitions and foreign tables. */
export const tables = (): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  from: `left join pg_catalog.pg_foreign_table ft on ft.ftrelid = x.oid
       left join pg_catalog.pg_class toast on toast.oid = x.reltoastrelid`,
  where: `x.relkind in ('r', 'p', 'f')`,
  owner: 'x.relowner',
  acl: { items: 'x.relacl', kind: `'r'`, owner: 'x.relowner' },
  facts: {
    partitioned: `nullif(x.relkind = 'p', false)`,
    persistence: 'x.relpersistence',
    'row security': `nullif(x.relrowsecurity, false)`,
    'forced row security': `nullif(x.relforcerowsecurity, false)`,
    'replica identity': 'x.relreplident',
    'access method': `select a.amname from pg_catalog.pg_am a where a.oid = x.relam and x.relkind = 'r'`,
    tablespace: tablespace('x.reltablespace'),
    options: sortedItems('x.reloptions'),
    'TOAST options': sortedItems('toast.reloptions'),
    type: `nullif(x.reloftype, 0)::pg_catalog.regtype`,
    parents: `select pg_catalog.string_agg(h.inhparent::pg_catalog.regclass::text, ', ' order by h.inhseqno)
                from pg_catalog.pg_inherits h
               where h.inhrelid = x.oid`,
    // Late columns of a parent come first in a child that is made anew.
    columns: `select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum)
                from pg_catalog.pg_attribute a
               where a.attrelid = x.oid
                 and a.attnum > 0
                 and not a.attisdropped
                 and (x.relispartition or not exists (select from pg_catalog.pg_inherits h where h.inhrelid = x.oid))`,
    server: `select f.srvname from pg_catalog.pg_foreign_server f where f.oid = ft.ftserver`,
  },
  definitions: {
    'partition key': 'pg_catalog.pg_get_partkeydef(x.oid)',
    'partition bound': 'pg_catalog.pg_get_expr(x.relpartbound, x.oid)',
  },
  options: 'ft.ftoptions',
})
