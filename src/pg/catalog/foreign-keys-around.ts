import { z } from 'zod'
import type { Session } from '../session.ts'
import { tableMembers } from './table-members.ts'

interface Table {
  readonly schema: string
  readonly name: string
}

/**
 * Foreign keys between these tables, their partitions included, and others, in either direction, and among them; of a table to itself only when
 * asked. Each as its topmost table declares it, by `schema`, `table` and `name`.
 */
export function readForeignKeysAround(
  session: Session,
  tables: readonly Table[],
  { toItself = false }: { readonly toItself?: boolean } = {},
): Promise<{ schema: string; table: string; name: string }[]> {
  return session.rows(
    z.object({ schema: z.string(), table: z.string(), name: z.string() }),
    `with recursive ${tableMembers}, touching as (
       select con.oid, con.conparentid
         from pg_catalog.pg_constraint con
        where con.contype = 'f'
          and (con.conrelid <> con.confrelid or $3)
          and (con.conrelid in (select oid from member) or con.confrelid in (select oid from member))
       union
       select con.oid, con.conparentid
         from touching
         join pg_catalog.pg_constraint con on con.oid = touching.conparentid
     )
     select n.nspname::text as schema, c.relname::text as "table", con.conname::text as name
       from touching
       join pg_catalog.pg_constraint con on con.oid = touching.oid
       join pg_catalog.pg_class c on c.oid = con.conrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where touching.conparentid = 0
      order by n.nspname, c.relname, con.conname`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name), toItself],
  )
}
