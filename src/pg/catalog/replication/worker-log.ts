import { z } from 'zod'
import { logEntries } from '../../log-entries.ts'
import type { Session } from '../../session.ts'
import { type LoggedSubscription, lastWorkerErrors } from '../../worker-errors.ts'

/** Bytes of the log's end that are looked through. */
const tail = 65_536

/** Those first that tell everything of a line apart, whatever `log_line_prefix` is. */
const logFormats = ['jsonlog', 'csvlog', 'stderr'] as const

/**
 * The last error of each subscription's workers in the server's log, by the subscription's oid; empty where there's none to be read: no collector,
 * or no right to.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-GENFILE
 */
export async function readWorkerErrors(
  session: Session,
  subscriptions: readonly LoggedSubscription[],
): Promise<ReadonlyMap<number, string>> {
  const { allowed } = await session.one(
    z.object({ allowed: z.boolean() }),
    `select pg_catalog.has_function_privilege('pg_catalog.pg_current_logfile(text)', 'execute')
        and pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(text, boolean)', 'execute')
        and pg_catalog.has_function_privilege('pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)', 'execute') as allowed`,
  )
  if (!allowed) return new Map()
  // Before 15 the server doesn't know the last one, and refuses to be asked for it.
  const formats = session.versionNumber >= 150_000 ? logFormats : logFormats.filter((format) => format !== 'jsonlog')
  const [log] = await session.rows(
    z.object({ format: z.enum(logFormats), bytes: z.instanceof(Uint8Array).nullable() }),
    `select f.format, pg_catalog.pg_read_binary_file(f.name, greatest(0, s.size - $1), $1, true) as bytes
       from (select f.format, f.place, pg_catalog.pg_current_logfile(f.format) as name
               from pg_catalog.unnest($2::pg_catalog.text[]) with ordinality f (format, place)) f
      cross join lateral pg_catalog.pg_stat_file(f.name, true) s
      where f.name is not null and s.size is not null
      order by f.place
      limit 1`,
    [tail, formats],
  )
  if (log?.bytes == null) return new Map()
  return lastWorkerErrors(logEntries(new TextDecoder().decode(log.bytes), log.format), subscriptions)
}
