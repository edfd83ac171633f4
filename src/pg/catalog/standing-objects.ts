import { z } from 'zod'
import type { Session } from '../session.ts'

/** What stands on the target already, so that a run that goes on builds only what is missing. */
export interface StandingObjects {
  /** `["schema","index"]` as JSON. */
  readonly indexes: ReadonlySet<string>
  /** `["schema","table","constraint"]` as JSON, with whether it's validated. */
  readonly constraints: ReadonlyMap<string, boolean>
  readonly schemas: ReadonlySet<string>
  readonly tablespaces: ReadonlySet<string>
}

export async function readStandingObjects(session: Session): Promise<StandingObjects> {
  const indexes = await session.rows(
    z.object({ schema: z.string(), name: z.string() }),
    `select n.nspname as schema, c.relname as name
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('i', 'I')
        and n.nspname not in ('pg_catalog', 'pg_toast', 'seren_replicator')`,
  )
  const constraints = await session.rows(
    z.object({ schema: z.string(), table: z.string(), name: z.string(), validated: z.boolean() }),
    `select n.nspname as schema, t.relname as table, con.conname as name, con.convalidated as validated
       from pg_catalog.pg_constraint con
       join pg_catalog.pg_class t on t.oid = con.conrelid
       join pg_catalog.pg_namespace n on n.oid = t.relnamespace
      where con.contype in ('p', 'u', 'x', 'f')
        and n.nspname not in ('pg_catalog', 'pg_toast', 'seren_replicator')`,
  )
  const schemas = await session.rows(z.object({ name: z.string() }), 'select nspname as name from pg_catalog.pg_namespace')
  const tablespaces = await session.rows(z.object({ name: z.string() }), 'select spcname as name from pg_catalog.pg_tablespace')
  return {
    indexes: new Set(indexes.map(({ schema, name }) => JSON.stringify([schema, name]))),
    constraints: new Map(constraints.map(({ schema, table, name, validated }) => [JSON.stringify([schema, table, name]), validated])),
    schemas: new Set(schemas.map(({ name }) => name)),
    tablespaces: new Set(tablespaces.map(({ name }) => name)),
  }
}
