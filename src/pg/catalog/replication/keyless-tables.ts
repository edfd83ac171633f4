import { z } from 'zod'
import type { RelationName } from '../../../events.ts'
import type { Session } from '../../session.ts'

/** Those of the tables whose rows nothing identifies: published for updates, the source refuses updates and deletes of them. */
export function readKeylessTables(session: Session, tables: readonly RelationName[]): Promise<RelationName[]> {
  return session.rows(
    z.object({ schema: z.string(), name: z.string() }),
    `select n.nspname::text as "schema",
            c.relname::text as "name"
       from unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) t(schema_name, table_name)
       join pg_catalog.pg_namespace n on n.nspname = t.schema_name
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.table_name
      where c.relkind = 'r'
        and c.relreplident <> 'f'
        and not exists (
              select
                from pg_catalog.pg_index i
               where i.indrelid = c.oid and ((c.relreplident = 'd' and i.indisprimary) or (c.relreplident = 'i' and i.indisreplident)))
      order by n.nspname, c.relname`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  )
}
