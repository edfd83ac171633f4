import { expect, test } from 'vitest'
import { loadAwkward } from '../support/awkward.ts'
import { bundles } from '../support/bundles.ts'
import { schemaDifferences } from '../support/client-tools.ts'
import { compareDatabases, compareRoles } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { pagila } from '../support/pagila.ts'

for (const [name, run] of Object.entries(bundles)) {
  test(`everything that is easily lost arrives by ${name}`, async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18, own: true, createTarget: false })
    await loadAwkward(pair.source)
    await run(context, pair)
    expect(await compareRoles(pair.source.server.url(), pair.target.server.url())).toEqual([])
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
    expect(await schemaDifferences(pair)).toEqual([])
  })

  test.skipIf(!pagila)(`pagila arrives by ${name}`, { tags: ['long'] }, async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
    await pair.source.load(...(pagila ?? []))
    await run(context, pair)
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
    expect(await schemaDifferences(pair)).toEqual([])
  })
}
