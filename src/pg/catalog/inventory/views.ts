import { type InventoryClass, sortedItems, tablespace } from './inventory-class.ts'

/** Views and materialized views; whether a materialized view is filled is compared, its rows aren't. */
export const views = (): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  where: `x.relkind in ('v', 'm')`,
  owner: 'x.relowner',
  acl: { items: 'x.relacl', kind: `'r'`, owner: 'x.relowner' },
  facts: {
    options: sortedItems('x.reloptions'),
    populated: `case when x.relkind = 'm' then x.relispopulated end`,
    'access method': `select a.amname from pg_catalog.pg_am a where a.oid = x.relam`,
    tablespace: tablespace('x.reltablespace'),
  },
  definitions: { definition: 'pg_catalog.pg_get_viewdef(x.oid)' },
})
