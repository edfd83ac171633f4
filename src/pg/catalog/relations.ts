import { z } from 'zod'
import type { ObservedRelation, RelationKind } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { incomparableTypes } from './replication/incomparable-types.ts'
import { userSchemas } from './user-schemas.ts'

export type CatalogRelation = Omit<ObservedRelation, 'columns' | 'splitKey' | 'partOf' | 'isHypertable'>

/**
 * All relations with their sizes in one query. The size functions wait for ACCESS EXCLUSIVE locks (VACUUM FULL, REFRESH, …): those
 * relations are sized by `relpages`. An empty table's indexes, one page each, count as nothing. A table that was never analyzed
 * gets the planner's guess, from its blocks and the width of its columns.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE
 */
export async function readRelations(session: Session): Promise<CatalogRelation[]> {
  const rows = await session.rows(
    relationRow,
    `with recursive user_schema as (${userSchemas}),
          locked as (
            select distinct relation
              from pg_catalog.pg_locks
             where mode = 'AccessExclusiveLock'
               and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())),
          extension_data as (
            select e.extname::text as extension, d.oid, coalesce(d.condition, '') as condition
              from pg_catalog.pg_extension e
             cross join lateral unnest(e.extconfig, e.extcondition) d(oid, condition)),
          incomparable as (${incomparableTypes}),
          incomparable_column as (
            select a.attrelid as relation,
                   array_agg(a.attname::text order by a.attnum) as names
              from pg_catalog.pg_attribute a
              join incomparable i on i.oid = a.atttypid
             where a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
             group by a.attrelid),
          block as (
            select pg_catalog.current_setting('block_size')::bigint as size),
          relation as (
            select c.*,
                   s.name as schema,
                   d.extension,
                   d.condition,
                   l.relation is not null as locked
              from pg_catalog.pg_class c
              join user_schema s on s.oid = c.relnamespace
              left join extension_data d on d.oid = c.oid
              left join locked l on l.relation = c.oid
             where c.relkind in ('r', 'p', 'm', 'v', 'f', 'S')
               and (d.oid is not null or not exists (
                     select
                       from pg_catalog.pg_depend p
                      where p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        and p.objid = c.oid
                        and p.deptype = 'e'))),
          main as (
            select r.oid,
                   r.reltoastrelid as toast,
                   r.locked,
                   case when r.relkind not in ('r', 'm') then 0
                        when r.locked then r.relpages * block.size
                        else coalesce(pg_catalog.pg_relation_size(r.oid), 0) end as bytes
              from relation r, block),
          sized as (
            select m.oid,
                   m.bytes as main,
                   m.bytes + case when m.locked or m.bytes = 0 then 0
                                  else coalesce(pg_catalog.pg_relation_size(m.oid, 'fsm') + pg_catalog.pg_relation_size(m.oid, 'vm'), 0) end as heap,
                   case when m.locked or m.bytes = 0 or m.toast = 0 then 0
                        else coalesce(pg_catalog.pg_total_relation_size(m.toast), 0) end as toast,
                   case when m.locked or m.bytes = 0 then 0
                        else coalesce(pg_catalog.pg_indexes_size(m.oid), 0) end as indexes
              from main m)
     select r.oid,
            r.schema,
            r.relname::text as "name",
            r.relkind::text as "kind",
            pg_catalog.pg_get_userbyid(r.relowner)::text as "owner",
            r.relpersistence = 'u' as "unlogged",
            coalesce((select array_agg(i.inhparent order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = r.oid), '{}') as "parents",
            r.relispartition as "isPartition",
            exists (
              select
                from pg_catalog.pg_partitioned_table p
                join pg_catalog.pg_opclass o on o.oid = any (p.partclass)
               where p.partrelid = r.oid
                 and p.partstrat = 'h'
                 and o.opcintype::pg_catalog.regtype::text in ('anyenum', 'anyarray', 'anyrange', 'anymultirange', 'record')) as "routedByOid",
            case when r.relpages > 0 and r.reltuples >= 0 then r.reltuples::float8 / r.relpages * (s.main / block.size)
                 when r.reltuples > 0 then r.reltuples::float8
                 when s.main > 0 then s.main::float8 / (28 + (
                   select coalesce(sum(case when a.attlen > 0 then a.attlen else 32 end), 0)
                     from pg_catalog.pg_attribute a
                    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped))
                 else 0 end::bigint as "estimatedRows",
            case when pg_catalog.current_setting('server_version_num')::int >= 140000 then r.reltuples >= 0
                 else r.relpages > 0 or r.reltuples > 0 end as "analyzed",
            s.heap::bigint as "heapBytes",
            s.toast::bigint as "toastBytes",
            s.indexes::bigint as "indexBytes",
            (s.main / block.size)::float8 as "blocks",
            (select count(*)::int from pg_catalog.pg_index i where i.indrelid = r.oid) as "indexes",
            coalesce((
              select case when i.indimmediate then 'immediate' else 'deferrable' end
                from pg_catalog.pg_index i
               where i.indrelid = r.oid and i.indisprimary), 'none') as "primaryKey",
            r.relreplident::text as "replicaIdentity",
            case when r.relkind <> 'r' then null
                 when r.relreplident = 'f' then (
                   select coalesce(array_agg(a.attname::text order by a.attnum), '{}')
                     from pg_catalog.pg_attribute a
                    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)
                 else (
                   select array_agg(a.attname::text order by a.attnum)
                     from pg_catalog.pg_index i
                     join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = any (i.indkey)
                    where i.indrelid = r.oid
                      and i.indisvalid
                      and i.indimmediate
                      and (case r.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end)) end as "identityColumns",
            coalesce(x.names, '{}') as "incomparableColumns",
            pg_catalog.pg_has_role(r.relowner, 'usage') as "canPublish",
            case when r.relforcerowsecurity then 'forced' when r.relrowsecurity then 'on' else 'off' end as "rowSecurity",
            coalesce(pg_catalog.row_security_active(r.oid), false) as "rowSecurityActive",
            case when r.relhastriggers then (
              select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('name', t.tgname, 'enabled', t.tgenabled) order by t.tgname), '[]')
                from pg_catalog.pg_trigger t
               where t.tgrelid = r.oid and not t.tgisinternal)
            else '[]' end as "triggers",
            coalesce(case when r.relkind = 'S' then pg_catalog.has_sequence_privilege(r.oid, 'select')
                          else pg_catalog.has_table_privilege(r.oid, 'select') end, false) as "canSelect",
            case when r.extension is not null
                 then pg_catalog.json_build_object('extension', r.extension, 'condition', r.condition) end as "extensionData"
       from block, relation r
       join sized s on s.oid = r.oid
       left join incomparable_column x on x.relation = r.oid and r.relkind = 'r'
      order by r.schema, r.relname`,
  )
  return rows.map((row) => ({ ...row, kind: kinds[row.kind] }))
}

const kinds: Readonly<Record<'r' | 'p' | 'm' | 'v' | 'f' | 'S', RelationKind>> = {
  r: 'table',
  p: 'partitioned',
  m: 'materialized-view',
  v: 'view',
  f: 'foreign-table',
  S: 'sequence',
}

const relationRow = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'p', 'm', 'v', 'f', 'S']),
  owner: z.string(),
  unlogged: z.boolean(),
  parents: z.array(z.number()),
  isPartition: z.boolean(),
  routedByOid: z.boolean(),
  estimatedRows: z.bigint(),
  analyzed: z.boolean(),
  heapBytes: z.bigint(),
  toastBytes: z.bigint(),
  indexBytes: z.bigint(),
  blocks: z.number(),
  indexes: z.number(),
  primaryKey: z.enum(['none', 'deferrable', 'immediate']),
  replicaIdentity: z.enum(['d', 'n', 'f', 'i']),
  identityColumns: z.array(z.string()).nullable(),
  incomparableColumns: z.array(z.string()),
  canPublish: z.boolean(),
  rowSecurity: z.enum(['off', 'on', 'forced']),
  rowSecurityActive: z.boolean(),
  triggers: z.array(z.object({ name: z.string(), enabled: z.enum(['O', 'D', 'R', 'A']) })),
  canSelect: z.boolean(),
  extensionData: z.object({ extension: z.string(), condition: z.string() }).nullable(),
})
