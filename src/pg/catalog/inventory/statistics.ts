import type { InventoryClass, Majors } from './inventory-class.ts'

/** Extended statistics; their targets exist from 13 on. */
export const statistics = ({ common }: Majors): InventoryClass => ({
  catalog: 'pg_statistic_ext',
  schema: 'x.stxnamespace',
  parent: { catalog: 'pg_class', oid: 'x.stxrelid' },
  owner: 'x.stxowner',
  facts: { target: common < 13 ? 'null' : 'nullif(x.stxstattarget, -1)' },
  definitions: { definition: 'pg_catalog.pg_get_statisticsobjdef(x.oid)' },
})
