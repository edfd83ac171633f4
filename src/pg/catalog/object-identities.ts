import { z } from 'zod'
import { identifier } from '../../sql/identifier.ts'
import type { Session } from '../session.ts'

interface ObjectOid {
  readonly catalogOid: number
  readonly oid: number
}

const columns = `
  type,
  coalesce(object_names, '{}') as "names",
  coalesce(object_args, '{}') as "arguments"`

const row = z.object({ type: z.string().nullable(), names: z.array(z.string()), arguments: z.array(z.string()) })

/** Names that mean the same on another server, by `catalog/oid`; without what isn't there any more. */
export async function readIdentities(session: Session, objects: readonly ObjectOid[]): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows(
    row.extend({ catalogOid: z.number(), oid: z.number() }),
    `select o.catalog as "catalogOid", o.oid, ${columns}
       from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[])) as o(catalog, oid)
      cross join lateral pg_catalog.pg_identify_object_as_address(o.catalog, o.oid, 0)`,
    [objects.map(({ catalogOid }) => catalogOid), objects.map(({ oid }) => oid)],
  )
  return new Map(rows.flatMap((one) => (one.type === null ? [] : [[objectKey(one), identityOf(one)] as const])))
}

export function objectKey({ catalogOid, oid }: ObjectOid): string {
  return `${catalogOid}/${oid}`
}

/** Those of everything in these catalogs, whose oids are the same on every server; except for the rule that a view is. */
export async function readStandingIdentities(session: Session, catalogOids: readonly number[]): Promise<ReadonlySet<string>> {
  const catalogs = await session.rows(
    z.object({ name: z.string() }),
    `select c.relname::text as name
       from pg_catalog.pg_class c
      where c.oid = any ($1::pg_catalog.oid[]) and c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace`,
    [catalogOids],
  )
  const found = new Set<string>()
  for (const { name } of catalogs) {
    const where = name === 'pg_rewrite' ? ` where x.rulename <> '_RETURN'` : name === 'pg_class' ? ` where x.relkind <> 't'` : ''
    const sql = `select ${columns}
       from pg_catalog.${identifier(name)} x
      cross join lateral pg_catalog.pg_identify_object_as_address(x.tableoid, x.oid, 0)${where}`
    for (const one of await session.rows(row, sql)) found.add(identityOf(one))
  }
  return found
}

function identityOf({ type, names, arguments: args }: z.infer<typeof row>): string {
  return JSON.stringify([type, names, args])
}
