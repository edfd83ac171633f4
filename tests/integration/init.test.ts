import { expect, test } from 'vitest'
import { hasClientTools, schemaDifferences } from '../support/client-tools.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { runInit } from '../support/engine.ts'
import { pagila } from '../support/pagila.ts'
import { expectWholeCopy } from '../support/whole-copy.ts'

const pairs = [
  [12, 18],
  [15, 15],
  [15, 17],
  [17, 18],
  [18, 15],
] as const

for (const [source, target] of pairs) {
  test.skipIf(!hasClientTools(source))(`everything that is easily lost arrives, from ${source} to ${target}`, async (context) => {
    await expectWholeCopy(context, source, target)
  })
}

test.skipIf(!pagila)('pagila arrives', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await pair.source.load(...(pagila ?? []))
  const { result } = await runInit(pair)
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  expect(await schemaDifferences(pair)).toEqual([])
})
