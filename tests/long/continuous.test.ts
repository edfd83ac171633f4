/** @module-tag long */
import { expect, test } from 'vitest'
import { expectFollowed, expectThreeLanesMerged } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'

const pairs = [
  [12, 17],
  [14, 18],
  [15, 15],
  [17, 18],
] as const

const rounds = 10
const lanesRounds = 5

for (const [source, target] of pairs) {
  for (let round = 1; round <= rounds; round++) {
    test(`what is written all along arrives, from ${source} to ${target}, round ${round} of ${rounds}`, async (context) => {
      await expectFollowed(context, source, target)
    })
  }
}

for (const [source, target] of pairs) {
  test(`three lanes become one ${lanesRounds} times while everything goes on, from ${source} to ${target}`, async (context) => {
    const holds: number[] = []
    for (let round = 1; round <= lanesRounds; round++) {
      const pair = await databasePair(context, { source, target, createTarget: false })
      holds.push(...(await expectThreeLanesMerged(pair)))
    }
    // Most, since processors may be busy elsewhere; none takes longer than it may.
    expect(holds.sort((a, b) => a - b)[Math.floor(holds.length / 2)]).toBeLessThan(250)
  })
}
