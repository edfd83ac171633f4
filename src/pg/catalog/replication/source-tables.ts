import { z } from 'zod'
import type { SourceTable } from '../../../plan/replication-gaps.ts'
import type { Session } from '../../session.ts'
import { readHypertables } from '../hypertables.ts'
import { userSchemas } from '../user-schemas.ts'

/** Tables as far as it takes to see which of them ought to be replicated: nothing is sized, however many there are. */
export async function readSourceTables(session: Session): Promise<SourceTable[]> {
  const { parts } = await readHypertables(session)
  const tables = await session.rows(
    z.object({
      oid: z.number(),
      schema: z.string(),
      name: z.string(),
      kind: z.enum(['table', 'partitioned']),
      parents: z.array(z.number()),
      isPartition: z.boolean(),
      unlogged: z.boolean(),
    }),
    `select c.oid,
            s.name as "schema",
            c.relname::text as "name",
            case c.relkind when 'p' then 'partitioned' else 'table' end as "kind",
            coalesce((select pg_catalog.array_agg(i.inhparent order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = c.oid), '{}') as "parents",
            c.relispartition as "isPartition",
            c.relpersistence = 'u' as "unlogged"
       from pg_catalog.pg_class c
       join (${userSchemas}) s on s.oid = c.relnamespace
      where c.relkind in ('r', 'p')
        and not exists (
              select
                from pg_catalog.pg_depend d
               where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
      order by s.name, c.relname`,
  )
  return tables.map((table) => ({ ...table, partOf: parts.get(table.oid) ?? null, extensionData: null }))
}
