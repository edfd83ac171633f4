import { fileURLToPath } from 'node:url'
import type { TestDatabase } from './database-pair.ts'
import { loadSqlFile } from './load-sql.ts'

/** In this order: what comes later rests on what came before. */
const files = ['types', 'values', 'names', 'tables', 'constraints', 'programs', 'access']

const path = (name: string) => fileURLToPath(new URL(`../fixtures/awkward/${name}.sql`, import.meta.url))

/**
 * Everything a schema can hold that is easily lost, as far as the server's major knows it. Its roles are the cluster's, so it wants a
 * server of the test's own (`own: true`). `upTo`: leaves out what only newer majors than that one know.
 */
export async function loadAwkward(database: TestDatabase, upTo: number = database.server.major): Promise<void> {
  const { server } = database
  await loadSqlFile(server.url(), path('roles'))
  if (server.major >= 16) await loadSqlFile(server.url(), path('roles-16'))
  await database.load(...files.map(path))
  for (const since of [14, 15, 18]) if (Math.min(server.major, upTo) >= since) await database.load(path(`from-${since}`))
  // Its search path and styles are hostile to what would come after it.
  await database.load(path('database'))
}
