import type { InventoryClass, Majors } from './inventory-class.ts'

/**
 * Triggers as they were made. Their copies on partitions count where they're enabled otherwise than the parent's; before 13 no column
 * tells which those are, only the dependency.
 */
export const triggers = ({ own }: Majors): InventoryClass => ({
  catalog: 'pg_trigger',
  schema: 'c.relnamespace',
  from: `join pg_catalog.pg_class c on c.oid = x.tgrelid
       left join pg_catalog.pg_trigger p on p.oid = ${own < 13 ? parentBefore13 : 'nullif(x.tgparentid, 0)'}`,
  where: `(p.oid is null and not x.tgisinternal) or x.tgenabled <> p.tgenabled`,
  parent: { catalog: 'pg_class', oid: 'x.tgrelid' },
  facts: { enabled: 'x.tgenabled' },
  definitions: { definition: 'case when p.oid is null then pg_catalog.pg_get_triggerdef(x.oid) end' },
})

const parentBefore13 = `(
         select d.refobjid
           from pg_catalog.pg_depend d
          where d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
            and d.objid = x.oid
            and d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
          limit 1)`
