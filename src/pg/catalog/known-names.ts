import { z } from 'zod'
import type { KnownName } from '../../scope/known-names.ts'
import type { Survey } from '../../scope/survey-predicate.ts'
import type { Session } from '../session.ts'

const knownName: z.ZodType<KnownName> = z.object({
  kind: z.enum(['function', 'operator', 'type', 'relation']),
  schema: z.string(),
  name: z.string(),
  volatility: z.enum(['i', 's', 'v']),
  gathers: z.boolean(),
  dated: z.boolean(),
})

/** All that bears a name which the predicate mentions, in whatever schema. */
export function readKnownNames(session: Session, survey: Survey): Promise<KnownName[]> {
  const names = ({ names: parts }: { readonly names: readonly string[] }) => parts.at(-1) ?? ''
  return session.rows(
    knownName,
    `select 'function' as kind, n.nspname::text as schema, p.proname::text as name, p.provolatile::text as volatility,
            p.prokind in ('a', 'w') or p.proretset as gathers, false as dated
       from pg_catalog.pg_proc p
       join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where p.proname = any ($1::text[])
      union all
     select 'operator', n.nspname::text, o.oprname::text, p.provolatile::text, false, false
       from pg_catalog.pg_operator o
       join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
       join pg_catalog.pg_proc p on p.oid = o.oprcode
      where o.oprname = any ($2::text[]) and n.nspname <> 'pg_catalog'
      union all
     select 'type', n.nspname::text, t.typname::text, 'i', false, t.typcategory = 'D'
       from pg_catalog.pg_type t
       join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      where t.typname = any ($3::text[])
      union all
     select 'relation', n.nspname::text, c.relname::text, 'i', false, false
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relname = any ($4::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
    [survey.functions.map(names), survey.operators.map(names), survey.types.map(names), survey.relations.map(names)],
  )
}
