import { z } from 'zod'
import type { ObservedNewerObject } from '../../plan/observed.ts'
import type { Session } from '../session.ts'
import { isExtensionMember } from './extension-member.ts'
import { userSchemas } from './user-schemas.ts'

interface Feature {
  /** The major that brought it, and the catalog's column that tells. */
  readonly since: number
  readonly name: string
  readonly catalog: 'pg_class' | 'pg_collation' | 'pg_constraint' | 'pg_proc' | 'pg_statistic_ext'
  readonly namespace: string
  /** Of the alias o. */
  readonly condition: string
  /** The relation that it's a part of; a view is none, since no list of tables names one. */
  readonly relation?: string
}

const index = `exists (select from pg_catalog.pg_index i where i.indexrelid = o.oid and`
const view = (pattern: string) =>
  `o.relkind in ('v', 'm') and exists (select from pg_catalog.pg_rewrite r where r.ev_class = o.oid and r.ev_action::pg_catalog.text ~ '${pattern}')`

const constraint = { catalog: 'pg_constraint', namespace: 'connamespace', relation: 'nullif(o.conrelid, 0)' } as const
const relation = { catalog: 'pg_class', namespace: 'relnamespace' } as const
const collation = { catalog: 'pg_collation', namespace: 'collnamespace' } as const

/** What a definition may hold that an older server doesn't parse. https://www.postgresql.org/docs/release/ */
const features: readonly Feature[] = [
  { since: 14, name: 'column compression', ...relation, relation: 'o.oid', condition: hasColumn("a.attcompression <> ''") },
  { since: 14, name: 'a body of SQL', catalog: 'pg_proc', namespace: 'pronamespace', condition: 'o.prosqlbody is not null' },
  { since: 14, name: 'expressions', catalog: 'pg_statistic_ext', namespace: 'stxnamespace', condition: 'o.stxexprs is not null' },
  { since: 15, name: 'NULLS NOT DISTINCT', ...relation, relation: ownerOfIndex(), condition: `${index} i.indnullsnotdistinct)` },
  { since: 15, name: 'columns of ON DELETE SET', ...constraint, condition: 'o.confdelsetcols is not null' },
  {
    since: 15,
    name: 'security_invoker',
    ...relation,
    condition: `o.relkind = 'v' and pg_catalog.array_to_string(o.reloptions, ',') ~ 'security_invoker'`,
  },
  { since: 16, name: 'rules of ICU', ...collation, condition: 'o.collicurules is not null' },
  { since: 16, name: "SQL/JSON's constructors", ...relation, condition: view('[{]JSON(CONSTRUCTOREXPR|ISPREDICATE) ') },
  { since: 17, name: "SQL/JSON's queries", ...relation, condition: view('[{]JSONEXPR ') },
  { since: 17, name: 'the builtin provider', ...collation, condition: `o.collprovider = 'b'` },
  { since: 18, name: 'WITHOUT OVERLAPS or PERIOD', ...constraint, condition: 'o.conperiod' },
  { since: 18, name: 'NOT ENFORCED', ...constraint, condition: 'not o.conenforced' },
  { since: 18, name: 'NOT NULL that is NOT VALID', ...constraint, condition: `o.contype = 'n' and not o.convalidated` },
]

/** Objects whose definition some older major can't take, by the first major that can. */
export async function readNewerObjects(session: Session): Promise<readonly ObservedNewerObject[]> {
  const known = features.filter(({ since }) => session.versionNumber >= since * 10_000)
  if (known.length === 0) return []
  return session.rows(row, `${known.map(select).join('\n union all\n')}\n order by since, feature, object`)
}

const row = z.object({ since: z.number(), feature: z.string(), object: z.string(), relation: z.number().nullable() })

function select({ since, name, catalog, namespace, condition, relation: part = 'null' }: Feature): string {
  return `
  select ${since} as since,
         '${name.replaceAll("'", "''")}' as feature,
         (select type || ' ' || identity from pg_catalog.pg_identify_object('pg_catalog.${catalog}'::pg_catalog.regclass, o.oid, 0)) as object,
         (${part})::pg_catalog.int8::pg_catalog.float8 as relation
    from pg_catalog.${catalog} o
    join (${userSchemas}) s on s.oid = o.${namespace}
   where ${condition}
     and not ${isExtensionMember(catalog, 'o.oid')}`
}

function hasColumn(condition: string): string {
  return `o.relkind in ('r', 'p', 'm') and exists (select from pg_catalog.pg_attribute a where a.attrelid = o.oid and not a.attisdropped and ${condition})`
}

function ownerOfIndex(): string {
  return '(select i.indrelid from pg_catalog.pg_index i where i.indexrelid = o.oid)'
}
