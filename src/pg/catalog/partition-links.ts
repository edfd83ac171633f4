import { z } from 'zod'
import type { Session } from '../session.ts'

interface Table {
  readonly schema: string
  readonly name: string
}

/** Partitions of these tables among them, `child/parent` by oid. */
export async function readPartitionLinks(session: Session, oids: readonly number[]): Promise<ReadonlySet<string>> {
  const rows = await session.rows(
    z.object({ child: z.number(), parent: z.number() }),
    `select i.inhrelid as child, i.inhparent as parent
       from pg_catalog.pg_inherits i
      where i.inhrelid = any ($1::pg_catalog.oid[]) and i.inhparent = any ($1::pg_catalog.oid[])`,
    [oids],
  )
  return new Set(rows.map(({ child, parent }) => `${child}/${parent}`))
}

/** Tables that are there, and are no partitions. */
export function readUnattached(session: Session, tables: readonly Table[]): Promise<Table[]> {
  return session.rows(
    z.object({ schema: z.string(), name: z.string() }),
    `select t.schema, t.name
       from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as t(schema, name)
       join pg_catalog.pg_namespace n on n.nspname = t.schema
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.name
      where c.relkind in ('r', 'p') and not c.relispartition`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  )
}
