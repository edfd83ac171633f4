import { literal } from '../../sql/identifier.ts'
import { ownMark, ownSchema } from '../../sql/own-schema.ts'

/** Finds our schema, if it's there with our mark. */
export const ownSchemaCondition = `n.nspname = ${literal(ownSchema)} and pg_catalog.obj_description(n.oid, 'pg_namespace') like ${literal(`${ownMark}%`)}`

/** The schemas that pg_dump would dump, save ours; `pg_` is reserved to the system. */
export const userSchemas = `
  select n.oid,
         n.nspname::text as name
    from pg_catalog.pg_namespace n
   where n.nspname !~ '^pg_'
     and n.nspname <> 'information_schema'
     and (${ownSchemaCondition}) is not true`
