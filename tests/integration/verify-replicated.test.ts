import { expect, type TestContext, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { runInit, runSync, runVerify } from '../support/engine.ts'
import { holdsOf } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const pairs: readonly (readonly [ServerMajor, ServerMajor])[] = [
  [15, 18],
  [12, 15],
  [17, 18],
]

for (const [source, target] of pairs) {
  test(`a target that follows ${source} on ${target} is found equal, and a wrong row is found, while the source is written to`, async (context) => {
    const pair = await own(context, source, target)
    await loadWriterTables(pair.source)
    await using writer = await startWriter(pair.source)
    await follow(pair)
    await writer.lap()
    const { result, events } = await runVerify(pair)
    const { longestMillis, longest } = await writer.lap()
    expect(result).toMatchObject({ problems: [], outcome: 'done' })
    expect(oddTables(result)).toEqual({})
    expect(Math.max(...holdsOf(events))).toBeLessThanOrEqual(500)
    expect(longestMillis, longest).toBeLessThan(1000)
    await pair.target.query(`insert into customer (id, name) values (-1, 'wrong')`)
    const planted = (await runVerify(pair)).result
    expect(planted.outcome).toBe('different')
    expect(oddTables(planted)).toEqual({ customer: 'different' })
    expect(await writer.stop()).toMatchObject({ failures: [], disconnections: 0 })
  })
}

function own(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<DatabasePair> {
  return databasePair(context, { source, target, own: true, mayLeave: ['slot', 'publication', 'subscription'] })
}

async function follow(pair: DatabasePair): Promise<void> {
  expect((await runInit(pair, { snapshotOnly: false })).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runSync(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
}

/** Results of the tables that aren't equal, those left out that have no rows of their own. */
function oddTables({ databases: [database] }: CommandResult): Record<string, string | undefined> {
  const odd = database?.tables.filter(({ verify, rule }) => verify?.result !== 'equal' && rule !== 'empty') ?? []
  return Object.fromEntries(odd.map(({ name, verify, failure }) => [name, failure?.code ?? verify?.result]))
}
