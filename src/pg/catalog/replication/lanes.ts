import { z } from 'zod'
import type { RelationName } from '../../../events.ts'
import type { Session } from '../../session.ts'
import { ownSchemaCondition } from '../user-schemas.ts'

/** The ledger's lanes that a slot follows on; null where there's no ledger of ours that we may read. */
export async function readLedgerSlots(session: Session): Promise<{ readonly lane: number; readonly slot: string }[] | null> {
  const { readable } = await session.one(
    z.object({ readable: z.boolean() }),
    `select exists (
       select from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where ${ownSchemaCondition} and c.relname = 'lane' and c.relkind = 'r'
          and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')) as readable`,
  )
  if (!readable) return null
  return session.rows(
    z.object({ lane: z.number(), slot: z.string() }),
    `select l.lane, pg_catalog.to_jsonb(l) ->> 'slot_name' as slot
       from seren_replicator.lane l
      where pg_catalog.to_jsonb(l) ->> 'slot_name' is not null
      order by l.lane`,
  )
}

/** Tables that a run took from their lanes to have them copied anew, and may have been killed before it had. None where there's nothing that we may read. */
export async function readResyncs(session: Session): Promise<(RelationName & { readonly lane: number })[]> {
  const { readable } = await session.one(
    z.object({ readable: z.boolean() }),
    `select exists (
       select from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where ${ownSchemaCondition} and c.relname = 'resync' and c.relkind = 'r'
          and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')) as readable`,
  )
  if (!readable) return []
  return session.rows(
    z.object({ schema: z.string(), name: z.string(), lane: z.number() }),
    'select schema_name as schema, table_name as name, lane from seren_replicator.resync order by 1, 2',
  )
}
