import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { databasePair } from '../support/database-pair.ts'
import { runInit } from '../support/engine.ts'

const count = 5000

test(`${count} empty tables are planned and created without a query per table`, { timeout: 180_000 }, async (context) => {
  const settings = { log_statement: 'all', log_line_prefix: '%a|%d|', max_locks_per_transaction: '1024' }
  const pair = await databasePair(context, { source: 15, target: 15, own: { settings }, createTarget: false })
  await pair.source.query(
    `do $$ begin for i in 1..${count} loop execute format('create table t%s (id int primary key, value text)', i); end loop; end $$`,
  )
  const { result } = await runInit(pair)
  expect(result).toMatchObject({ outcome: 'done', problems: [] })
  const [arrived] = await pair.target.query(
    "select count(*) from pg_class c where relkind = 'r' and relname like 't%' and exists (select from pg_index where indrelid = c.oid and indisprimary)",
  )
  expect(arrived).toEqual({ count: String(count) })
  expect(result.databases[0]?.tables.filter((table) => table.copiedRows === 0n)).toHaveLength(count)
  for (const { server, name } of [pair.source, pair.target]) expect(await statements(server.logFile, name)).toBeLessThan(count / 10)
})

/** Messages of this tool that the server logged. */
async function statements(logFile: string, database: string): Promise<number> {
  const lines = (await readFile(logFile, 'utf8')).split('\n')
  return lines.filter((line) => line.startsWith('postgres-seren-replicator') && line.includes(`|${database}|LOG:`)).length
}
