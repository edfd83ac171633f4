import type { InventoryClass, Majors } from './inventory-class.ts'

/**
 * Constraints of tables and domains. What a foreign key of a partitioned table makes on partitions is named anew on each side. NOT NULL
 * is catalogued from 18 on; columns and domains tell it everywhere.
 */
export const constraints = ({ common }: Majors): InventoryClass[] => {
  const kinds = common < 18 ? `'c', 'f', 'p', 'u', 'x'` : `'c', 'f', 'p', 'u', 'x', 'n'`
  const shared = {
    catalog: 'pg_constraint',
    schema: 'x.connamespace',
    definitions: { definition: 'pg_catalog.pg_get_constraintdef(x.oid)' },
  }
  return [
    {
      ...shared,
      where: `x.conrelid <> 0 and x.contype in (${kinds}) and not (x.contype = 'f' and x.conparentid <> 0)`,
      parent: { catalog: 'pg_class', oid: 'x.conrelid' },
      facts: {
        validated: 'nullif(x.convalidated, true)',
        local: `case when x.contype = 'c' then nullif(x.conislocal, true) end`,
      },
    },
    {
      ...shared,
      where: `x.contypid <> 0 and x.contype in (${kinds})`,
      parent: { catalog: 'pg_type', oid: 'x.contypid' },
      facts: { validated: 'nullif(x.convalidated, true)' },
    },
  ]
}
