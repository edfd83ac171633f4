import { z } from 'zod'
import { relayCopy } from '../../pg/copy-relay.ts'
import type { Session } from '../../pg/session.ts'

export interface LargeObject {
  readonly oid: number
  readonly owner: string
  readonly size: number
  readonly comment: string | null
  /** Its privileges aren't the default ones. */
  readonly hasGrants: boolean
}

/** What goes over in one COPY: whole small objects and pieces of big ones, all of one owner. */
export interface Batch {
  readonly owner: string
  readonly pieces: readonly Piece[]
}

interface Piece {
  readonly oid: number
  readonly from: number
  readonly length: number
}

/** Objects per transaction: a comment on one takes a lock, and the lock table has room for some thousands. */
export const pageSize = 500

/** What a server process holds in memory at once. */
const pieceBytes = 1_048_576
/** What the temporary table holds on the target before it's emptied again. */
const batchBytes = 16 * pieceBytes

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

/** By owner, since each owner's are made as that role. */
export function inBatches(objects: readonly LargeObject[]): Batch[] {
  const batches: { owner: string; pieces: Piece[] }[] = []
  let room = 0
  for (const { oid, owner, size } of objects.toSorted((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0))) {
    for (let from = 0; from === 0 || from < size; from += pieceBytes) {
      const length = Math.min(pieceBytes, size - from)
      let batch = batches.at(-1)
      if (batch === undefined || batch.owner !== owner || room < length) {
        batch = { owner, pieces: [] }
        batches.push(batch)
        room = batchBytes
      }
      batch.pieces.push({ oid, from, length })
      room -= length
    }
  }
  return batches
}

const buffer = 'pg_temp.large_object_piece'

/** For the transaction that follows; whoever the objects are made as must read it. No compression: it would be undone at once. */
export const createBuffer = `
create temporary table ${buffer} (oid oid, start bigint, content bytea) on commit drop;
alter table ${buffer} alter column content set storage external;
grant select on ${buffer} to public`

/**
 * COPY to COPY into a temporary table, and from there into objects: contents pass through this process as bytes, neither as
 * hexadecimal text nor kept. Must be called as the role that created the table.
 */
export async function relayContent(source: Session, target: Session, { pieces }: Batch): Promise<void> {
  const values = pieces.map(({ oid, from, length }) => `(${oid}::oid, ${from}::bigint, ${length})`)
  await relayCopy({
    source,
    sourceSql: `copy (
  select p.oid, p.start, pg_catalog.lo_get(p.oid, p.start, p.length)
    from (values ${values.join(', ')}) as p(oid, start, length)
) to stdout (format binary)`,
    target,
    targetSql: `truncate ${buffer};\ncopy ${buffer} from stdin (format binary)`,
  })
}

/** Creates the objects that begin in the batch, under their oids, and fills in the pieces. */
export const writeContent = `
select count(pg_catalog.lo_create(oid))
  from ${buffer}
 where start = 0;
select count(pg_catalog.lo_put(oid, start, content)::text)
  from ${buffer}`
