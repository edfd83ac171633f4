import type { InventoryClass } from './inventory-class.ts'

export const defaultPrivileges = (): InventoryClass => ({
  catalog: 'pg_default_acl',
  owner: 'x.defaclrole',
  acl: { items: 'x.defaclacl', kind: `'r'`, owner: 'x.defaclrole' },
})
