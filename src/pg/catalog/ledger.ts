import { z } from 'zod'
import type { ObservedLedger } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { ownSchemaCondition } from './user-schemas.ts'

/** Null where there's none, where the schema lacks our mark, and where the role may not read it: then it isn't ours to go on with. */
export async function readLedger(session: Session): Promise<ObservedLedger | null> {
  const { readable } = await session.one(
    z.object({ readable: z.boolean() }),
    `select count(*) = 3 and coalesce(bool_and(pg_catalog.has_table_privilege(c.oid, 'select')), false) as readable
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where ${ownSchemaCondition}
        and pg_catalog.has_schema_privilege(n.oid, 'usage')
        and c.relname in ('ledger', 'lane', 'copied')
        and c.relkind = 'r'`,
  )
  if (!readable) return null
  const [head] = await session.rows(
    z.object({
      sourceSystemIdentifier: z.string(),
      sourceDatabaseOid: z.bigint().transform(Number),
      fingerprint: z.string(),
      asOf: z.string().nullable(),
      preDataDone: z.boolean(),
      complete: z.boolean(),
      scope: z.array(scopeTable).nullable(),
    }),
    `select source_system_identifier as "sourceSystemIdentifier",
            source_database_oid as "sourceDatabaseOid",
            fingerprint as "fingerprint",
            pg_catalog.to_jsonb(ledger) ->> 'as_of' as "asOf",
            pre_data_done as "preDataDone",
            complete as "complete",
            pg_catalog.to_jsonb(ledger) -> 'scope' as "scope"
       from seren_replicator.ledger`,
  )
  if (head === undefined) return null
  const copied = await session.rows(
    z.object({
      schema: z.string(),
      name: z.string(),
      part: z.number(),
      parts: z.number(),
      lane: z.number(),
      rows: z.bigint(),
      bytes: z.bigint(),
    }),
    `select schema_name as schema,
            table_name as name,
            part,
            parts,
            lane,
            row_count as rows,
            byte_count as bytes
       from seren_replicator.copied
      order by schema_name, table_name, part`,
  )
  const lanes = await session.rows(
    z.object({ lane: z.number(), slot: z.string().nullable() }),
    `select lane, pg_catalog.to_jsonb(l) ->> 'slot_name' as slot from seren_replicator.lane l order by lane`,
  )
  return { ...head, lanes, copied }
}

const scopeTable = z.object({ schema: z.string(), name: z.string(), rule: z.string(), conditions: z.array(z.string()) })
