import { expect, test } from 'vitest'
import { foldParts } from '../../src/commands/fold-parts.ts'
import type { TablePlan } from '../../src/plan/plan.ts'
import type { TableResult, TableVerification } from '../../src/plan/results.ts'

const plan = (oid: number, name: string, partOf: number | null) => ({ oid, schema: 's', name, partOf }) as TablePlan
const plans = [
  plan(1, 'hypertable', null),
  plan(2, 'compressed', 1),
  plan(3, 'chunk', 1),
  plan(4, 'compressed_chunk', 2),
  plan(5, 'other', null),
]

function result(name: string, more: Partial<TableResult> = {}): TableResult {
  return { schema: 's', name, rule: 'copy', estimatedRows: 1n, heapBytes: 10n, toastBytes: 0n, indexBytes: 1n, parts: 1, ...more }
}

function verification(more: Partial<TableVerification> = {}): TableVerification {
  const checksum = 'ffffffffffffffff0000000000000001'
  return { result: 'equal', sourceRows: 2n, targetRows: 2n, sourceChecksum: checksum, targetChecksum: checksum, ...more }
}

test('what the parts have, and what became of them, is their whole’s', () => {
  const copied = { copiedRows: 5n, copiedBytes: 50n, seconds: 1, resumed: false }
  const folded = foldParts(
    plans.map(({ name }) => result(name, copied)),
    plans,
  )
  expect(folded.map(({ name }) => name)).toEqual(['hypertable', 'other'])
  expect(folded[0]).toMatchObject({ estimatedRows: 4n, heapBytes: 40n, parts: 4, copiedRows: 20n, copiedBytes: 200n, seconds: 4 })
  expect(folded[1]).toEqual(result('other', copied))
})

test('a whole is there before only if all of it was', () => {
  const resumed = (names: readonly string[]) =>
    foldParts(
      plans.map(({ name }) => result(name, { resumed: names.includes(name) })),
      plans,
    )[0]?.resumed
  expect(resumed(['hypertable', 'compressed', 'chunk', 'compressed_chunk'])).toBe(true)
  expect(resumed(['hypertable', 'compressed', 'chunk'])).toBeUndefined()
})

test('checksums of parts add up, each half for itself, and a part that differs makes its whole differ and is named', () => {
  const verified = (chunk: TableVerification) =>
    foldParts(
      plans.map(({ name }) => result(name, { verify: name === 'chunk' ? chunk : verification() })),
      plans,
    )[0]?.verify
  expect(verified(verification())).toEqual({
    ...verification({ sourceRows: 8n, targetRows: 8n }),
    sourceChecksum: 'fffffffffffffffc0000000000000004',
    targetChecksum: 'fffffffffffffffc0000000000000004',
  })
  const missing = verification({ result: 'different', targetRows: 1n, targetChecksum: null, reason: 'a reason' })
  expect(verified(missing)).toMatchObject({ result: 'different', targetRows: 7n, targetChecksum: null, reason: '"s"."chunk": a reason' })
})

test('what was skipped has no say, unless all of it was', () => {
  const skipped = verification({ result: 'skipped', sourceRows: null, targetRows: null, sourceChecksum: null, targetChecksum: null })
  const verified = (read: readonly string[]) =>
    foldParts(
      plans.map(({ name }) => result(name, { verify: read.includes(name) ? verification() : skipped })),
      plans,
    )[0]?.verify
  expect(verified(['chunk'])).toEqual(verification())
  expect(verified([])).toEqual(skipped)
})
