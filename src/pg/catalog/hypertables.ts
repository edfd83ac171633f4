import { z } from 'zod'
import type { ObservedHypertable } from '../../plan/observed.ts'
import type { Session } from '../session.ts'

/** What TimescaleDB's catalog says of a database's relations; empty where it isn't installed. */
export interface Hypertables {
  readonly hypertables: readonly ObservedHypertable[]
  /** By oid: the relation that this one is a part of. */
  readonly parts: ReadonlyMap<number, number>
}

/**
 * Chunks are tables that inherit; the rows of compressed ones are in tables of another, hidden hypertable; those of a continuous aggregate
 * in a hypertable behind its view. Columns come and go with TimescaleDB's versions, so the rarer ones are read as JSON.
 */
export async function readHypertables(session: Session): Promise<Hypertables> {
  const installed = await session.rows(z.unknown(), "select from pg_catalog.pg_extension where extname = 'timescaledb'")
  if (installed.length === 0) return { hypertables: [], parts: new Map() }
  const hypertables = await session.rows(
    hypertableRow,
    `select h.id,
            c.oid,
            (pg_catalog.to_jsonb(h) ->> 'compressed_hypertable_id')::int as "compressedId"
       from _timescaledb_catalog.hypertable h
       ${relationNamed('h.schema_name', 'h.table_name', 'c')}
      order by h.id`,
  )
  const chunks = await session.rows(
    chunkRow,
    `select k.hypertable_id as "hypertableId",
            c.oid,
            z.oid as "storage"
       from _timescaledb_catalog.chunk k
       ${relationNamed('k.schema_name', 'k.table_name', 'c')}
       left join _timescaledb_catalog.chunk s on s.id = (pg_catalog.to_jsonb(k) ->> 'compressed_chunk_id')::int
       left ${relationNamed('s.schema_name', 's.table_name', 'z')}
      order by k.id`,
  )
  const aggregates = await session.rows(
    aggregateRow,
    `select a.mat_hypertable_id as "id",
            a.raw_hypertable_id as "rawId",
            v.oid as "view",
            d.oid as "direct",
            p.oid as "partial"
       from _timescaledb_catalog.continuous_agg a
       ${relationNamed('a.user_view_schema', 'a.user_view_name', 'v')}
       ${relationNamed('a.direct_view_schema', 'a.direct_view_name', 'd')}
       ${relationNamed('a.partial_view_schema', 'a.partial_view_name', 'p')}`,
  )
  return composeHypertables(hypertables, chunks, aggregates)
}

const hypertableRow = z.object({ id: z.number(), oid: z.number(), compressedId: z.number().nullable() })
const chunkRow = z.object({ hypertableId: z.number(), oid: z.number(), storage: z.number().nullable() })
const aggregateRow = z.object({ id: z.number(), rawId: z.number(), view: z.number(), direct: z.number(), partial: z.number() })

function composeHypertables(
  hypertables: readonly z.infer<typeof hypertableRow>[],
  chunks: readonly z.infer<typeof chunkRow>[],
  aggregates: readonly z.infer<typeof aggregateRow>[],
): Hypertables {
  const byId = new Map(hypertables.map((one) => [one.id, one.oid]))
  const parts = new Map<number, number>()
  const note = (part: number | undefined, whole: number | undefined) => {
    if (part !== undefined && whole !== undefined) parts.set(part, whole)
  }
  for (const { oid, compressedId } of hypertables) if (compressedId !== null) note(byId.get(compressedId), oid)
  for (const { oid, hypertableId } of chunks) note(oid, byId.get(hypertableId))
  for (const { id, view, direct, partial } of aggregates) for (const part of [byId.get(id), direct, partial]) note(part, view)
  const aggregateOf = ({ view, rawId }: z.infer<typeof aggregateRow>) => {
    const of = byId.get(rawId)
    return of === undefined ? null : { view, of }
  }
  return {
    hypertables: hypertables.map(({ id, oid, compressedId }) => {
      const aggregate = aggregates.find((one) => one.id === id)
      return {
        ...{ id, oid },
        compressedOid: byId.get(compressedId ?? 0) ?? null,
        compressedChunks: chunks.flatMap(({ oid: chunk, hypertableId, storage }) =>
          hypertableId === id && storage !== null ? [{ chunk, storage }] : [],
        ),
        aggregate: aggregate === undefined ? null : aggregateOf(aggregate),
      }
    }),
    parts,
  }
}

/** A join: TimescaleDB knows relations by their names. */
function relationNamed(schema: string, name: string, as: string): string {
  return `join (select r.oid, n.nspname, r.relname
               from pg_catalog.pg_class r
               join pg_catalog.pg_namespace n on n.oid = r.relnamespace) ${as} on ${as}.nspname = ${schema} and ${as}.relname = ${name}`
}
