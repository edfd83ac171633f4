import { z } from 'zod'
import type { NotedIdentity, ObservedIdentity, OwnLedger, OwnSchema } from '../../../plan/observed-cleanup.ts'
import type { Session } from '../../session.ts'

/** The ledger as far as cleaning up depends on it; null where no run has come so far as to write its head. */
export async function readOwnLedger(session: Session, schema: OwnSchema | null): Promise<OwnLedger | null> {
  if (schema === null || !schema.ledgerTables.includes('ledger')) return null
  const [head] = await session.rows(
    z.object({ sourceSystemIdentifier: z.string(), sourceDatabaseOid: z.bigint().transform(Number), complete: z.boolean() }),
    `select source_system_identifier as "sourceSystemIdentifier",
            source_database_oid as "sourceDatabaseOid",
            complete
       from seren_replicator.ledger`,
  )
  if (head === undefined) return null
  const rowsOf = <T>(table: string, row: z.ZodType<T>, sql: string) =>
    schema.ledgerTables.includes(table) ? session.rows(row, sql) : Promise.resolve([])
  const lanes = await rowsOf(
    'lane',
    z.object({ lane: z.number(), slot: z.string().nullable() }),
    `select lane, pg_catalog.to_jsonb(l) ->> 'slot_name' as slot from seren_replicator.lane l order by lane`,
  )
  const slots = await rowsOf(
    'slot_left',
    z.object({ slot: z.string() }),
    'select slot_name as slot from seren_replicator.slot_left order by 1',
  )
  const identities = await rowsOf(
    'identity_set',
    z.object({ schema: z.string(), name: z.string(), was: z.string() }),
    'select schema_name as schema, table_name as name, was::text as was from seren_replicator.identity_set order by 1, 2',
  )
  const roles = await rowsOf('lent_role', z.object({ name: z.string() }), lentRolesSql)
  return { ...head, lanes, slotsLeft: slots.map(({ slot }) => slot), identities, lentRoles: roles.map(({ name }) => name) }
}

/** Before 16 who granted a membership isn't told apart: that it's noted must do. */
const lentRolesSql = `
select r.rolname::text as name
  from seren_replicator.lent_role l
  join pg_catalog.pg_roles r on r.rolname = l.role_name
 where exists (
         select
           from pg_catalog.pg_auth_members m
           join pg_catalog.pg_roles u on u.oid = m.member and u.rolname = current_user
          where m.roleid = r.oid
            and (pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 160000 or m.grantor = u.oid))
 order by 1`

/** Of tables that the ledger notes, those that still have FULL on the source, with the publications that rely on it. */
export async function readIdentities(source: Session, noted: readonly NotedIdentity[]): Promise<ObservedIdentity[]> {
  if (noted.length === 0) return []
  const full = await source.rows(
    z.object({ schema: z.string(), name: z.string(), publications: z.array(z.string()) }),
    `select n.nspname::text as schema,
            c.relname::text as name,
            array(select t.pubname::text
                    from pg_catalog.pg_publication_tables t
                    join pg_catalog.pg_publication p on p.pubname = t.pubname
                   where (p.pubupdate or p.pubdelete)
                     and ((t.schemaname = n.nspname and t.tablename = c.relname)
                       or exists (select from pg_catalog.pg_publication_rel r where r.prpubid = p.oid and r.prrelid = c.oid))
                   group by t.pubname) as publications
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relreplident = 'f'
        and (n.nspname, c.relname) in (select x ->> 'schema', x ->> 'name' from pg_catalog.json_array_elements($1) x)
      order by 1, 2`,
    [JSON.stringify(noted)],
  )
  const key = (one: { schema: string; name: string }) => JSON.stringify([one.schema, one.name])
  const was = new Map(noted.map((one) => [key(one), one.was]))
  return full.map((one) => ({ ...one, was: was.get(key(one)) ?? 'd' }))
}
