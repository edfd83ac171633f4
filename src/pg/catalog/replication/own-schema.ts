import { z } from 'zod'
import type { OwnSchema } from '../../../plan/observed-cleanup.ts'
import { ledgerTables } from '../../../sql/drop-ledger.ts'
import type { Session } from '../../session.ts'
import { ownSchemaCondition } from '../user-schemas.ts'

/** What is in our schema, by what depends on it. Null where there's none with our mark. */
export async function readOwnSchema(session: Session): Promise<OwnSchema | null> {
  const [schema] = await session.rows(
    z.object({ oid: z.number() }),
    `select n.oid from pg_catalog.pg_namespace n where ${ownSchemaCondition}`,
  )
  if (schema === undefined) return null
  const content = await session.rows(
    z.object({
      table: z.string().nullable(),
      description: z.string(),
      publications: z.array(z.string()),
      subscriptions: z.array(z.number()),
    }),
    `select c.relname::text as "table",
            pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) as "description",
            array(select p.pubname::text
                    from pg_catalog.pg_publication_rel r
                    join pg_catalog.pg_publication p on p.oid = r.prpubid
                   where r.prrelid = c.oid) as "publications",
            array(select r.srsubid from pg_catalog.pg_subscription_rel r where r.srrelid = c.oid) as "subscriptions"
       from pg_catalog.pg_depend d
       left join pg_catalog.pg_class c
         on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.oid = d.objid and c.relkind = 'r'
      where d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
        and d.refobjid = $1
      order by c.relname, d.classid, d.objid`,
    [schema.oid],
  )
  const isHeartbeat = (name: string | null) => name !== null && /^heartbeat(_\d+)?$/.test(name)
  const isLedger = (name: string | null) => ledgerTables.some((one) => one === name)
  return {
    heartbeats: content.flatMap(({ table, ...one }) => (table !== null && isHeartbeat(table) ? [{ name: table, ...one }] : [])),
    ledgerTables: content.flatMap(({ table }) => (table !== null && isLedger(table) ? [table] : [])),
    others: content.filter(({ table }) => !isHeartbeat(table) && !isLedger(table)).map(({ description }) => description),
  }
}
