import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestDatabase } from './database-pair.ts'
import { query } from './query.ts'

export interface Leak {
  readonly kind: 'slot' | 'publication' | 'subscription' | 'session' | 'file'
  readonly what: string
}

const applicationName = 'postgres-seren-replicator%'

/** What is ours and shouldn't be there any more. `whole`: the servers are the test's own, so all their databases count. */
export async function findLeaks(databases: readonly TestDatabase[], temporaryFolder: string, whole: boolean): Promise<Leak[]> {
  const found: Leak[] = (await readdir(temporaryFolder)).map((name) => ({ kind: 'file', what: name }))
  for (const database of databases) {
    found.push(...(await inServer(database, whole)))
    const [exists] = await query(database.server.url(), 'SELECT FROM pg_database WHERE datname = $1', [database.name])
    if (exists)
      found.push(
        ...(await database.query<Leak & Record<string, unknown>>(
          `SELECT 'publication' AS kind, pubname AS what FROM pg_publication WHERE pubname LIKE 'seren%'`,
        )),
      )
  }
  return found
}

async function inServer({ server, name }: TestDatabase, whole: boolean): Promise<Leak[]> {
  const sql = `
    SELECT 'slot' AS kind, slot_name AS what FROM pg_replication_slots WHERE database = $1 OR $2
    UNION ALL
    SELECT 'subscription', subname FROM pg_subscription JOIN pg_database ON pg_database.oid = subdbid WHERE datname = $1 OR $2
    UNION ALL
    SELECT 'session', format('%s %s %s: %s', pid, application_name, state, query) FROM pg_stat_activity
    WHERE (datname = $1 OR $2) AND application_name LIKE $3`
  const look = () => query<Leak & Record<string, unknown>>(server.url(), sql, [name, whole, applicationName])
  let found = await look()
  // A backend notices only after a moment that its other end is gone.
  for (let tries = 0; found.length > 0 && tries < 20; tries++) {
    await sleep(100)
    found = await look()
  }
  return found
}
