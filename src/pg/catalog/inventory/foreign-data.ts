import { hidden } from '../../../plan/inventory.ts'
import { literal } from '../../../sql/identifier.ts'
import { functionName, type InventoryClass, sortedItems } from './inventory-class.ts'

/** Of user mappings the names of their options alone, since passwords are among them. */
export const foreignData = (): InventoryClass[] => [
  {
    catalog: 'pg_foreign_data_wrapper',
    owner: 'x.fdwowner',
    acl: { items: 'x.fdwacl', kind: `'F'`, owner: 'x.fdwowner' },
    facts: { handler: functionName('x.fdwhandler'), validator: functionName('x.fdwvalidator') },
    options: 'x.fdwoptions',
  },
  {
    catalog: 'pg_foreign_server',
    owner: 'x.srvowner',
    acl: { items: 'x.srvacl', kind: `'S'`, owner: 'x.srvowner' },
    facts: {
      wrapper: `select f.fdwname from pg_catalog.pg_foreign_data_wrapper f where f.oid = x.srvfdw`,
      type: 'x.srvtype',
      version: 'x.srvversion',
    },
    options: 'x.srvoptions',
  },
]

/** The catalog itself is for superusers; the view shows others what they may see. */
export const userMappings = (): InventoryClass => ({
  catalog: 'pg_user_mappings',
  oid: 'x.umid',
  parent: { catalog: 'pg_foreign_server', oid: 'x.srvid' },
  owner: 'nullif(x.umuser, 0)',
  object: `'user mapping'`,
  identity: `pg_catalog.format('%s on server %I', case when x.umuser = 0 then 'public' else pg_catalog.quote_ident(x.usename) end, x.srvname)`,
  facts: {
    options: `case when (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)
                then ${sortedItems('array(select o.option_name from pg_catalog.pg_options_to_table(x.umoptions) o)')}
                else ${literal(hidden)} end`,
  },
})
