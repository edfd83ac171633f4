import { z } from 'zod'
import { ownSchema } from '../../../sql/own-schema.ts'
import type { PublishedTable } from '../../../sql/publication.ts'
import type { Session } from '../../session.ts'

/** A publication's tables with their row filters, as they'd be spelled to be published again; without our marker. */
export function readPublishedTables(session: Session, publication: string): Promise<PublishedTable[]> {
  // Row filters came with 15.
  const filter = session.versionNumber >= 150_000 ? 'pg_catalog.pg_get_expr(r.prqual, r.prrelid)' : 'null::text'
  return session.rows(
    z.object({ schema: z.string(), name: z.string(), kind: z.enum(['table', 'partitioned']), predicate: z.string().nullable() }),
    `select n.nspname::text as schema,
            c.relname::text as name,
            case c.relkind when 'p' then 'partitioned' else 'table' end as kind,
            ${filter} as predicate
       from pg_catalog.pg_publication_rel r
       join pg_catalog.pg_publication p on p.oid = r.prpubid
       join pg_catalog.pg_class c on c.oid = r.prrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where p.pubname = $1 and n.nspname <> $2
      order by n.nspname, c.relname`,
    [publication, ownSchema],
  )
}
