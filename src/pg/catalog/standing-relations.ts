import { z } from 'zod'
import type { Session } from '../session.ts'

const standing = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'view', 'materialized view', 'foreign table', 'sequence']),
})

export type StandingRelation = z.infer<typeof standing>

/** Those of these relations that are there, and what they'd be dropped as. */
export function readStandingRelations(
  session: Session,
  relations: readonly { readonly schema: string; readonly name: string }[],
): Promise<StandingRelation[]> {
  return session.rows(
    standing,
    `select n.nspname::text as schema,
            c.relname::text as name,
            case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end as kind
       from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as t(schema, name)
       join pg_catalog.pg_namespace n on n.nspname = t.schema
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.name
      where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      order by n.nspname, c.relname`,
    [relations.map(({ schema }) => schema), relations.map(({ name }) => name)],
  )
}
