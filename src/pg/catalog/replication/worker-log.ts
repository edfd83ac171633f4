import { z } from 'zod'
import type { Session } from '../../session.ts'
import { type LoggedSubscription, lastWorkerErrors } from '../../worker-errors.ts'

/** Bytes of the log's end that are looked through. */
const tail = 65_536

/**
 * The last error of each subscription's workers in the server's log, by the subscription's oid; empty where there's none to be read: no collector,
 * another format, or no right to.
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
  const [log] = await session.rows(
    z.object({ bytes: z.instanceof(Uint8Array).nullable() }),
    `select pg_catalog.pg_read_binary_file(f.name, greatest(0, s.size - $1), $1, true) as bytes
       from (select pg_catalog.pg_current_logfile('stderr') as name) f
      cross join lateral pg_catalog.pg_stat_file(f.name, true) s
      where f.name is not null and s.size is not null`,
    [tail],
  )
  return log?.bytes == null ? new Map() : lastWorkerErrors(new TextDecoder().decode(log.bytes), subscriptions)
}
