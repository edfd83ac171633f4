import { expect, test } from 'vitest'
import { addFingerprints, checksum, noRows } from '../../../src/plan/fingerprint.ts'

test('sums are shown modulo 2^64, negative ones too', () => {
  expect(checksum(noRows)).toBe('0'.repeat(32))
  expect(checksum({ rows: 1n, first: -1n, second: 1n })).toBe('ffffffffffffffff0000000000000001')
  expect(checksum({ rows: 9n, first: (1n << 64n) + 255n, second: -(1n << 63n) })).toBe('00000000000000ff8000000000000000')
})

test('parts add up', () => {
  const parts = [1n, 2n, -5n].map((n) => ({ rows: 1n, first: n, second: -n }))
  expect(parts.reduce(addFingerprints, noRows)).toEqual({ rows: 3n, first: -2n, second: 2n })
})
