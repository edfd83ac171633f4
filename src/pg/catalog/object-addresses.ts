import { z } from 'zod'
import { serverError } from '../database-error.ts'
import type { Session } from '../session.ts'

/** An object by its names, which mean the same on another server. */
export interface ObjectAddress {
  readonly type: string
  readonly names: readonly string[]
  readonly arguments: readonly string[]
}

/** Null for what isn't there any more. https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-OBJECT */
export async function readObjectAddress(session: Session, catalogOid: number, oid: number): Promise<ObjectAddress | null> {
  const nullable = z.object({
    type: z.string().nullable(),
    names: z.array(z.string()).nullable(),
    arguments: z.array(z.string()).nullable(),
  })
  const found = await session.one(
    nullable,
    `select type, object_names as "names", object_args as "arguments"
       from pg_catalog.pg_identify_object_as_address($1::pg_catalog.oid, $2::pg_catalog.oid, 0)`,
    [catalogOid, oid],
  )
  return found.type === null ? null : { type: found.type, names: found.names ?? [], arguments: found.arguments ?? [] }
}

export async function isObjectThere(session: Session, address: ObjectAddress): Promise<boolean> {
  try {
    await session.rows(z.unknown(), 'select from pg_catalog.pg_get_object_address($1, $2::text[], $3::text[])', [
      address.type,
      address.names,
      address.arguments,
    ])
    return true
  } catch (error) {
    // Undefined objects, columns, functions, tables, parameters; and schemas.
    if (missing.has(serverError(error)?.sqlstate ?? '')) return false
    throw error
  }
}

const missing = new Set(['42703', '42704', '42883', '42P01', '42P02', '3F000'])
