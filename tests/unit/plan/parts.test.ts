import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideParts, partBytes } from '../../../src/plan/parts.ts'
import type { TablePart } from '../../../src/plan/plan.ts'
import { relation } from '../support/observed.ts'

const part = partBytes
const large = relation({ heapBytes: 10n * part, blocks: Number((10n * part) / 8192n) })
const alone = { jobs: 5, totalBytes: 10n * part, sourceVersion: 150_000 }

test('a table that dominates is split by blocks', () => {
  const parts = decideParts(large, alone)
  expect(parts.length).toBe(10)
  expect(parts[0]).toEqual({ by: 'ctid', from: null, to: 131_072 })
  expect(parts.at(-1)).toEqual({ by: 'ctid', from: 1_179_648, to: null })
})

test.each([
  ['small', relation({ heapBytes: part }), alone],
  ['no more than its share', large, { ...alone, totalBytes: 60n * part }],
  ['one job', large, { ...alone, jobs: 1 }],
  ['no key before 14', large, { ...alone, sourceVersion: 130_000 }],
])('whole: %s', (_, table, conditions) => {
  expect(decideParts(table, conditions)).toEqual([{ by: 'whole' }])
})

test('each worker gets as many parts as the others', () => {
  expect(decideParts(large, { ...alone, jobs: 4 }).length).toBe(12)
})

test('TOAST counts', () => {
  const wide = relation({ heapBytes: part / 10n, toastBytes: 10n * part, blocks: 13_000 })
  expect(decideParts(wide, alone).length).toBe(15)
})

test('by key before 14, at bounds of the histogram', () => {
  const bounds = Array.from({ length: 101 }, (_, index) => String(index * 10))
  const parts = decideParts({ ...large, splitKey: { column: 'id', bounds } }, { ...alone, sourceVersion: 120_000 })
  expect(parts.length).toBe(10)
  expect(parts[0]).toEqual({ by: 'key', column: 'id', from: null, to: '100' })
  expect(parts[5]).toMatchObject({ from: '500', to: '600' })
})

test('parts follow each other without a gap, whatever the table', () => {
  const table = fc.record({
    bytes: fc.bigInt({ min: 0n, max: 100n * part }),
    blocks: fc.nat({ max: 10_000_000 }),
    bounds: fc.uniqueArray(fc.nat(), { maxLength: 120 }),
  })
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(120_000, 180_000),
      ({ bytes, blocks, bounds }, jobs, sourceVersion) => {
        const splitKey = { column: 'id', bounds: bounds.sort((a, b) => a - b).map(String) }
        const parts = decideParts(relation({ heapBytes: bytes, blocks, splitKey }), { jobs, totalBytes: bytes, sourceVersion })
        if (parts.length === 1) return
        const ends = parts.map(endsOf)
        expect(ends[0]?.from).toBeNull()
        expect(ends.at(-1)?.to).toBeNull()
        ends.slice(1).forEach(({ from }, index) => {
          expect(from).toBe(ends[index]?.to)
          expect(from).not.toBeNull()
        })
        const inner = ends.slice(1).map(({ from }) => Number(from))
        expect(inner).toEqual([...new Set(inner)].sort((a, b) => a - b))
      },
    ),
  )
})

function endsOf(part: TablePart): { from: number | string | null; to: number | string | null } {
  if (part.by === 'whole') throw new Error('whole')
  return part
}
