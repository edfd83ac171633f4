import { z } from 'zod'
import type { Session } from '../pg/session.ts'

export interface LargeObject {
  readonly oid: number
  readonly owner: string
  readonly size: number
  readonly comment: string | null
  /** Its privileges aren't the default ones. */
  readonly hasGrants: boolean
}

/** What one statement reads or writes: whole small objects, or a piece of a big one, of one owner. */
export interface Batch {
  readonly owner: string
  readonly pieces: readonly { readonly oid: number; readonly from: number; readonly length: number }[]
}

/** Objects per transaction: a comment on one takes a lock, and the lock table has room for some thousands. */
export const pageSize = 500

/** Bytes per statement. They're in memory several times over: as hexadecimal text from the source, as a buffer, on its way out. */
const batchBytes = 2_097_152

const objectRow = z.object({
  oid: z.number(),
  owner: z.string(),
  size: z.coerce.number(),
  comment: z.string().nullable(),
  hasGrants: z.boolean(),
})

/**
 * The next objects in order of their oids. pg_largeobject is a superuser's to read, so the size is found by seeking to the end
 * (mode INV_READ, whence SEEK_END); closing spares the session 500 descriptors per page.
 * https://www.postgresql.org/docs/current/lo-interfaces.html
 */
export function readPage(source: Session, after: number): Promise<LargeObject[]> {
  return source.rows(
    objectRow,
    `with page as materialized (
       select oid, lomowner, lomacl
         from pg_catalog.pg_largeobject_metadata
        where oid > $1
        order by oid
        limit ${pageSize}
     ),
     opened as materialized (
       select oid, pg_catalog.lo_open(oid, 262144) as descriptor
         from page
     ),
     sized as materialized (
       select oid, descriptor, pg_catalog.lo_lseek64(descriptor, 0, 2) as size
         from opened
     ),
     closed as materialized (
       select oid, size, pg_catalog.lo_close(descriptor) as closed
         from sized
     )
     select page.oid,
            pg_catalog.pg_get_userbyid(page.lomowner)::text as owner,
            closed.size,
            pg_catalog.obj_description(page.oid, 'pg_largeobject') as comment,
            page.lomacl is not null as "hasGrants"
       from page
       join closed on closed.oid = page.oid
      order by page.oid`,
    [after],
  )
}

/** By owner, so that the role changes seldom; small ones together, big ones in pieces. */
export function inBatches(objects: readonly LargeObject[]): Batch[] {
  const batches: { owner: string; pieces: { oid: number; from: number; length: number }[] }[] = []
  let room = 0
  for (const { oid, owner, size } of objects.toSorted((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0))) {
    let from = 0
    do {
      let batch = batches.at(-1)
      if (batch === undefined || batch.owner !== owner || room === 0) {
        batch = { owner, pieces: [] }
        batches.push(batch)
        room = batchBytes
      }
      const length = Math.min(room, size - from)
      batch.pieces.push({ oid, from, length })
      from += length
      room -= length
    } while (from < size)
  }
  return batches
}

/** All pieces of a batch, one after the other. */
export async function readContent(source: Session, { pieces }: Batch): Promise<Buffer> {
  const { content } = await source.one(
    z.object({ content: z.instanceof(Buffer) }),
    `select coalesce(pg_catalog.string_agg(pg_catalog.lo_get(p.oid, p.start, p.length), '' order by p.n), '') as content
       from rows from (
              pg_catalog.unnest($1::oid[]),
              pg_catalog.unnest($2::bigint[]),
              pg_catalog.unnest($3::int[])
            ) with ordinality as p(oid, start, length, n)`,
    [pieces.map(({ oid }) => oid), pieces.map(({ from }) => from), pieces.map(({ length }) => length)],
  )
  return content
}

/** Takes the content apart again. An object's first piece creates it, under its oid. */
export async function writeContent(target: Session, { pieces }: Batch, content: Buffer): Promise<void> {
  let at = 1
  const starts = pieces.map(({ length }) => {
    at += length
    return at - length
  })
  await target.rows(
    z.unknown(),
    `select count(case p.start
                    when 0 then pg_catalog.lo_from_bytea(p.oid, pg_catalog.substr($5::bytea, p.at, p.length))::text
                    else pg_catalog.lo_put(p.oid, p.start, pg_catalog.substr($5::bytea, p.at, p.length))::text
                  end)
       from rows from (
              pg_catalog.unnest($1::oid[]),
              pg_catalog.unnest($2::bigint[]),
              pg_catalog.unnest($3::int[]),
              pg_catalog.unnest($4::int[])
            ) as p(oid, start, length, at)`,
    [pieces.map(({ oid }) => oid), pieces.map(({ from }) => from), pieces.map(({ length }) => length), starts, content],
  )
}
