import { z } from 'zod'
import type { RelationName } from '../../../events.ts'
import type { TableColumns } from '../../../plan/replication-gaps.ts'
import type { Session } from '../../session.ts'

/** The columns of those of the tables that are there; generated ones, which each side computes by itself, are left out. */
export function readTableColumns(session: Session, tables: readonly RelationName[]): Promise<TableColumns[]> {
  return session.rows(
    z.object({ schema: z.string(), name: z.string(), columns: z.array(column) }),
    `select n.nspname::text as "schema",
            c.relname::text as "name",
            coalesce((
              select pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) order by a.attnum)
                from pg_catalog.pg_attribute a
               where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''), '[]') as "columns"
       from unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) t(schema_name, table_name)
       join pg_catalog.pg_namespace n on n.nspname = t.schema_name
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.table_name`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  )
}

const column = z.tuple([z.string(), z.string()]).transform(([name, type]) => ({ name, type }))
