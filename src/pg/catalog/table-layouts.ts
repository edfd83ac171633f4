import { z } from 'zod'
import type { TableLayout } from '../../plan/verification.ts'
import type { Session } from '../session.ts'

/** Every table of the database with its columns and size, in one query; generated columns included. A partitioned table has its leaves'. */
export function readTableLayouts(session: Session): Promise<TableLayout[]> {
  return session.rows(
    layout,
    `select n.nspname as schema,
            c.relname as name,
            c.relkind as kind,
            coalesce((
              select pg_catalog.json_agg(a.attname order by a.attnum)
              from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            ), '[]') as columns,
            coalesce(l.blocks, 0)::int as blocks,
            coalesce(l.bytes, 0)::int8 as bytes
     from pg_catalog.pg_class c
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     cross join lateral (
       select pg_catalog.max(pg_catalog.pg_relation_size(f.oid) / pg_catalog.current_setting('block_size')::int) as blocks,
              pg_catalog.sum(pg_catalog.pg_relation_size(f.oid) + coalesce(pg_catalog.pg_relation_size(nullif(f.reltoastrelid, 0)), 0)) as bytes
       from (
         select c.oid where c.relkind = 'r'
         union all
         select p.relid from pg_catalog.pg_partition_tree(c.oid) p where c.relkind = 'p' and p.isleaf
       ) leaf
       join pg_catalog.pg_class f on f.oid = leaf.oid
     ) l
     where c.relkind in ('r', 'p')
       and n.nspname <> 'information_schema'
       and n.nspname !~ '^pg_'`,
  )
}

const layout: z.ZodType<TableLayout> = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'p']).transform((kind) => (kind === 'r' ? ('table' as const) : ('partitioned' as const))),
  columns: z.array(z.string()),
  blocks: z.number(),
  bytes: z.bigint(),
})
