import type { InventoryClass } from './inventory-class.ts'

/** Owners and grants; content is compared along with the rows. */
export const largeObjects = (): InventoryClass => ({
  catalog: 'pg_largeobject_metadata',
  object: `'large object'`,
  identity: 'x.oid::text',
  owner: 'x.lomowner',
  acl: { items: 'x.lomacl', kind: `'L'`, owner: 'x.lomowner' },
})
