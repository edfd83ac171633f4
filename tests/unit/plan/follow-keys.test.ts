import { expect, test } from 'vitest'
import { followedFilters, followedKeys } from '../../../src/plan/follow-keys.ts'
import type { ObservedFilter, ObservedForeignKey } from '../../../src/plan/observed.ts'
import type { Selection } from '../../../src/scope/scope-database.ts'
import { catalog, relation } from '../support/observed.ts'

const key = (childOid: number, parentOid: number): ObservedForeignKey => ({
  ...{ name: `key_${childOid}_${parentOid}`, childOid, parentOid, childColumns: ['parent'], parentColumns: ['id'] },
  ...{ operators: ['operator(pg_catalog.=)'], isKept: true },
})

function follow(tables: number, foreignKeys: readonly ObservedForeignKey[]): ReadonlyMap<number, ObservedFilter> {
  const oids = Array.from({ length: tables }, (_, index) => index + 1)
  const filter = { predicate: 'false', given: null, error: null, estimatedRows: new Map(), compressedChunks: new Map() }
  const read = catalog({
    relations: oids.map((oid) => relation({ oid, name: `t${oid}` })),
    foreignKeys,
    filters: new Map(oids.map((oid) => [oid, filter])),
  })
  const selections = new Map(
    oids.map((oid): [number, Selection] => [oid, { rule: 'filtered', conditions: [], filterOid: oid, comesAlong: true }]),
  )
  return followedFilters(read, selections, followedKeys(read, selections), new Map(oids.map((oid) => [oid, 1n])), false)
}

test('a condition follows what leads to its table, in circles too, and nothing else', () => {
  // 1 → 2 → 3 → 2, and 4 → 1.
  const filters = follow(5, [key(1, 2), key(2, 3), key(3, 2), key(4, 1), key(4, 4)])
  const tablesIn = (oid: number) => [...new Set(filters.get(oid)?.predicate.match(/"t\d"/g))].sort()
  expect([1, 2, 3, 4, 5].map(tablesIn)).toEqual([
    ['"t1"', '"t4"'],
    ['"t1"', '"t2"', '"t3"', '"t4"'],
    ['"t1"', '"t2"', '"t3"', '"t4"'],
    ['"t4"'],
    [],
  ])
  expect(filters.get(2)?.comesAlong?.words).toBe('1 row that selected rows refer to (key_1_2 of public.t1, key_3_2 of public.t3)')
})

test('two thousand keys among hundreds of filtered tables take a moment', { timeout: 10_000 }, () => {
  const size = 700
  const keys = Array.from({ length: 3 * size }, (_, index) => {
    const child = 2 + Math.floor(index / 3)
    return key(child, 1 + ((child * 7919 * (1 + (index % 3))) % (child - 1)))
  }).filter(({ childOid }) => childOid <= size)
  expect(follow(size, keys).get(1)?.predicate).toContain(`"t${size}"`)
})
