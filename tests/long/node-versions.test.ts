/** @module-tag long */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundles } from '../support/bundles.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { loadSized } from '../support/sized.ts'

/** The oldest that is promised, and the action's own. */
const versions = [20, 24]

for (const version of versions) {
  for (const [name, run] of Object.entries(bundles)) {
    test(`${name} runs on Node ${version}`, async (context) => {
      const pair = await databasePair(context, { source: 15, target: 17, createTarget: false })
      await loadSized(pair.source, 5)
      await pair.source.query('create table fresh as select now() as at')
      const node = fileURLToPath(new URL(`../../.state/nodes/node_modules/node-${version}/bin/node`, import.meta.url))
      await run(context, pair, { node, tableFilter: "fresh:at > now() - interval '1 day'" })
      expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
    })
  }
}
