import type { InventoryClass } from './inventory-class.ts'

export const schemas = (): InventoryClass => ({
  catalog: 'pg_namespace',
  schema: 'x.oid',
  owner: 'x.nspowner',
  acl: { items: 'x.nspacl', kind: `'n'`, owner: 'x.nspowner' },
})
