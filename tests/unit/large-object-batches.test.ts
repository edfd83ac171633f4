import { expect, test } from 'vitest'
import { inBatches, type LargeObject } from '../../src/engine/large-objects/large-object-content.ts'

const megabyte = 1_048_576
const object = (oid: number, size: number, owner = 'a'): LargeObject => ({ oid, owner, size, comment: null, hasGrants: false })

test('small objects go together, one owner’s at a time, and empty ones are not forgotten', () => {
  expect(inBatches([object(1, 0), object(2, 5, 'b'), object(3, 7)])).toEqual([
    {
      owner: 'a',
      pieces: [
        { oid: 1, from: 0, length: 0 },
        { oid: 3, from: 0, length: 7 },
      ],
    },
    { owner: 'b', pieces: [{ oid: 2, from: 0, length: 5 }] },
  ])
})

test('a big object goes in pieces, as many at a time as may wait on the target', () => {
  const batches = inBatches([object(1, 33 * megabyte + 1), object(2, megabyte)])
  expect(batches.map(({ pieces }) => pieces.length)).toEqual([16, 16, 3])
  expect(
    batches
      .flatMap(({ pieces }) => pieces)
      .filter(({ oid }) => oid === 1)
      .reduce((sum, { length }) => sum + length, 0),
  ).toBe(33 * megabyte + 1)
  expect(batches.at(-1)?.pieces).toEqual([
    { oid: 1, from: 32 * megabyte, length: megabyte },
    { oid: 1, from: 33 * megabyte, length: 1 },
    { oid: 2, from: 0, length: megabyte },
  ])
})

test('nothing is nothing', () => {
  expect(inBatches([])).toEqual([])
})
