import type { InventoryClass } from './inventory-class.ts'

/** Their members aren't listed: another version's may rightly be others. */
export const extensions = (): InventoryClass => ({
  catalog: 'pg_extension',
  where: `x.extname <> 'plpgsql'`,
  facts: { schema: 'x.extnamespace::pg_catalog.regnamespace', version: 'x.extversion' },
})
