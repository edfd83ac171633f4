import type { InventoryClass } from './inventory-class.ts'

export const policies = (): InventoryClass => ({
  catalog: 'pg_policy',
  schema: 'c.relnamespace',
  from: 'join pg_catalog.pg_class c on c.oid = x.polrelid',
  parent: { catalog: 'pg_class', oid: 'x.polrelid' },
  facts: {
    command: 'x.polcmd',
    permissive: 'x.polpermissive',
    roles: `select pg_catalog.string_agg(case when role = 0 then 'PUBLIC' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(role)) end, ', '
                     order by role = 0 desc, pg_catalog.pg_get_userbyid(role) collate "C")
              from pg_catalog.unnest(x.polroles) role`,
  },
  definitions: {
    using: 'pg_catalog.pg_get_expr(x.polqual, x.polrelid)',
    'with check': 'pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)',
  },
})
