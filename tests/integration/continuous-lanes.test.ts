import { expect, test } from 'vitest'
import { expectDone, expectEqual, expectRemoved, expectThreeLanesMerged, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { lanesOf, leaveLane } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

test('a copy that was stopped halfway goes on in a second lane, under writes', async (context) => {
  const pair = await databasePair(context, { source: 12, target: 17, createTarget: false })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  await leaveLane(pair, 6)
  await expectDone(pair, 'init')
  expect(await lanesOf(pair)).toBeGreaterThan(1)
  await expectDone(pair, 'sync', { maxHold: 0 })
  expect(await lanesOf(pair)).toBeGreaterThan(1)
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectRemoved(pair)
})

test('three lanes become one while everything goes on', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
  await expectThreeLanesMerged(pair)
})
