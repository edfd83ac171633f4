import type { InventoryClass } from './inventory-class.ts'

/** Rules besides the one that makes a view of a relation. */
export const rules = (): InventoryClass => ({
  catalog: 'pg_rewrite',
  schema: 'c.relnamespace',
  from: 'join pg_catalog.pg_class c on c.oid = x.ev_class',
  where: `x.rulename <> '_RETURN'`,
  parent: { catalog: 'pg_class', oid: 'x.ev_class' },
  facts: { enabled: 'x.ev_enabled' },
  definitions: { definition: 'pg_catalog.pg_get_ruledef(x.oid)' },
})
