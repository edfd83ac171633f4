import { z } from 'zod'
import { ReplicatorError } from '../errors.ts'
import type { ObservedRowFilter } from '../plan/observed-replication.ts'
import { createPublicationSql, type PublishedTable } from '../sql/publication.ts'
import { rowAlias } from '../sql/row-alias.ts'
import { runMark, type Session } from './session.ts'

export interface FilteredTable extends PublishedTable {
  readonly oid: number
}

const publication = `seren_replication_trial_${runMark}`

/**
 * Has the source judge filters by publishing the tables and rolling that back: what a row filter may hold changes with every major. All at once,
 * since they're right as a rule; one by one only if they aren't.
 * https://www.postgresql.org/docs/current/logical-replication-row-filter.html
 */
export async function tryRowFilters(session: Session, tables: readonly FilteredTable[]): Promise<ReadonlyMap<number, ObservedRowFilter>> {
  const columns = await attempt(session, tables)
  if (typeof columns !== 'string') return new Map(tables.map(({ oid }) => [oid, { error: null, columns: columns.get(oid) ?? [] }]))
  const judged = new Map<number, ObservedRowFilter>()
  for (const table of tables) {
    const one = await attempt(session, [table])
    judged.set(table.oid, typeof one === 'string' ? { error: one, columns: [] } : { error: null, columns: one.get(table.oid) ?? [] })
  }
  return judged
}

/** The columns that are read, by table; or the server's words. Publishing takes a lock that VACUUM holds, too. */
async function attempt(session: Session, tables: readonly FilteredTable[]): Promise<ReadonlyMap<number, readonly string[]> | string> {
  await session.run("begin; set local lock_timeout = '10s'; set local client_min_messages = error")
  try {
    await session.run(createPublicationSql(publication, 'inserts', tables, 'rolled back'))
    const rows = await session.rows(
      z.object({ oid: z.number(), columns: z.array(z.string()) }),
      `select r.prrelid as "oid", array_agg(a.attname::text order by a.attnum) as "columns"
         from pg_catalog.pg_publication p
         join pg_catalog.pg_publication_rel r on r.prpubid = p.oid
         join pg_catalog.pg_depend d
           on d.classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass
          and d.objid = r.oid
          and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and d.refobjid = r.prrelid
         join pg_catalog.pg_attribute a on a.attrelid = r.prrelid and a.attnum = d.refobjsubid and a.attnum > 0
        where p.pubname = $1
        group by r.prrelid`,
      [publication],
    )
    return new Map(rows.map(({ oid, columns }) => [oid, columns]))
  } catch (error) {
    if (!(error instanceof ReplicatorError) || error.server === undefined || !session.alive) throw error
    // Subqueries alone call the row by that name, which a publication doesn't know.
    if (error.message.includes(rowAlias)) return 'a row filter takes no subquery'
    return uncapitalised(error.server.detail ?? error.message)
  } finally {
    if (session.alive) await session.run('rollback')
  }
}

/** The detail says what it is that a filter doesn't take, the message only that it's invalid. */
function uncapitalised(sentence: string): string {
  return (sentence.slice(0, 1).toLowerCase() + sentence.slice(1)).replace(/\.$/, '')
}
