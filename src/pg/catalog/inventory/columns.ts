import { collation, type InventoryClass, type Majors, sortedItems } from './inventory-class.ts'

/** Columns of tables, foreign tables and views. Compression exists from 14 on. */
export const columns = ({ common }: Majors): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  from: `join pg_catalog.pg_attribute a on a.attrelid = x.oid and a.attnum > 0 and not a.attisdropped
       join pg_catalog.pg_type t on t.oid = a.atttypid
       left join pg_catalog.pg_attrdef d on d.adrelid = x.oid and d.adnum = a.attnum`,
  where: `x.relkind in ('r', 'p', 'f', 'v', 'm')`,
  parent: { catalog: 'pg_class', oid: 'x.oid' },
  sub: 'a.attnum::int',
  object: `'column'`,
  identity: `pg_catalog.format('%I.%I.%I', s.name, x.relname, a.attname)`,
  acl: { items: 'a.attacl', kind: `'c'`, owner: 'x.relowner' },
  facts: {
    position: `case when x.relkind in ('v', 'm') then a.attnum end`,
    type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
    collation: collation('a.attcollation', 'a.atttypid'),
    'not null': 'nullif(a.attnotnull, false)',
    // A partition's is its parent's from 17 on.
    identity: `case when not x.relispartition then nullif(a.attidentity, '') end`,
    generated: `nullif(a.attgenerated, '')`,
    storage: `case when x.relkind in ('r', 'p', 'm', 'f') then nullif(a.attstorage, t.typstorage) end`,
    compression: common < 14 ? 'null' : `nullif(a.attcompression, '')`,
    'statistics target': 'nullif(a.attstattarget, -1)',
    options: sortedItems('a.attoptions'),
    inherited: 'nullif(a.attinhcount > 0 and not x.relispartition, false)',
    local: 'nullif(a.attislocal or x.relispartition, true)',
  },
  definitions: { default: 'pg_catalog.pg_get_expr(d.adbin, d.adrelid)' },
  options: 'a.attfdwoptions',
})

/** Attributes of composite types. */
export const attributes = (): InventoryClass => ({
  catalog: 'pg_class',
  schema: 'x.relnamespace',
  from: 'join pg_catalog.pg_attribute a on a.attrelid = x.oid and a.attnum > 0 and not a.attisdropped',
  where: `x.relkind = 'c'`,
  parent: { catalog: 'pg_type', oid: 'x.reltype' },
  sub: 'a.attnum::int',
  object: `'attribute'`,
  identity: `pg_catalog.format('%I.%I.%I', s.name, x.relname, a.attname)`,
  facts: {
    position: `select pg_catalog.count(*)
                 from pg_catalog.pg_attribute b
                where b.attrelid = x.oid and b.attnum between 1 and a.attnum and not b.attisdropped`,
    type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
    collation: collation('a.attcollation', 'a.atttypid'),
  },
})
