import { expect, test } from 'vitest'
import { loadSampleData } from '../../src/commands/demo/sample-data/load.ts'
import { schemaDifferences } from '../support/client-tools.ts'
import { compareDatabases, compareRoles } from '../support/compare.ts'
import type { TestDatabase } from '../support/database-pair.ts'
import { runInit } from '../support/engine.ts'
import { query } from '../support/query.ts'
import { ownServer, type TestServer } from '../support/servers.ts'

test("the demo's shop arrives whole, read by its owner, from the oldest source", async () => {
  await using from = await ownServer({ major: 12 })
  await using to = await ownServer({ major: 18 })
  const { ownerUrl } = await loadSampleData(from, new AbortController().signal, 1000)
  const pair = { source: shopOn(from), target: shopOn(to), temporaryFolder: '' }
  const { result } = await runInit({ ...pair, source: { ...pair.source, url: ownerUrl } })
  expect(result.problems).toEqual([])
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  expect(await schemaDifferences(pair)).toEqual([])
  // Only a superuser could have read them.
  for (const role of ['shop_owner', 'shop_app', '"Ana Ruiz"']) await query(from.url(), `alter role ${role} password null`)
  expect(await compareRoles(from.url(), to.url())).toEqual([])
})

function shopOn(server: TestServer): TestDatabase {
  const url = server.url('shop')
  return {
    server,
    name: 'shop',
    url,
    query: (sql, values) => query(url, sql, values),
    load: () => Promise.reject(new Error('it is loaded')),
  }
}
