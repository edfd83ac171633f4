import { expect, test } from 'vitest'
import { databaseFingerprint, ledgerScope } from '../../../src/plan/digest.ts'
import type { ObservedForeignKey } from '../../../src/plan/observed.ts'
import { referringTables } from '../../../src/plan/referring-scope.ts'
import type { Selection } from '../../../src/scope/scope-database.ts'
import { catalog, database, relation } from '../support/observed.ts'

const key = (childOid: number, parentOid: number): ObservedForeignKey => ({
  ...{ name: 'fk', childOid, parentOid, childColumns: ['id'], parentColumns: ['id'] },
  ...{ operators: ['operator(pg_catalog.=)'], isKept: true },
})
const partition = { isPartition: true, parents: [4] }

/** 3 → 2 → 1, and 5 and 6, partitions of 4, which refers to 1; 7 refers to 5 alone. */
const read = catalog({
  relations: [
    ...[1, 2, 3, 7].map((oid) => relation({ oid, name: `t${oid}` })),
    relation({ oid: 4, name: 't4', kind: 'partitioned' }),
    ...[5, 6].map((oid) => relation({ oid, name: `t${oid}`, ...partition })),
  ],
  foreignKeys: [key(2, 1), key(3, 2), key(4, 1), key(7, 5), key(1, 1)],
})

test('the tables that refer to one, through others and by their partitions', () => {
  const referring = referringTables(read)
  expect([...referring(1)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect([...referring(2)]).toEqual([3])
  expect([...referring(5)]).toEqual([7])
  expect([...referring(3)]).toEqual([])
})

test('other rows of a table that refers to it are other rows of what comes along', () => {
  const scopeOf = (filters: Readonly<Record<number, string>>, along: readonly number[]) => {
    const selections = new Map<number, Selection>(
      read.relations.map(({ oid }) => {
        const predicate = filters[oid]
        const base = { conditions: predicate === undefined ? [] : [{ kind: 'predicate', predicate } as const], filterOid: oid }
        return [oid, { rule: predicate === undefined ? 'full' : 'filtered', ...base, ...(along.includes(oid) ? { comesAlong: true } : {}) }]
      }),
    )
    const pair = { source: database(), catalog: read }
    const conditions = new Map(ledgerScope(pair, selections).map((one) => [one.name, one.conditions]))
    return { of: (table: string) => conditions.get(table), fingerprint: databaseFingerprint(pair, selections, '1') }
  }
  const one = scopeOf({ 1: 'a', 2: 'b', 3: 'c' }, [1, 2])
  const other = scopeOf({ 1: 'a', 2: 'b', 3: 'd' }, [1, 2])
  expect(one.of('t1')).not.toEqual(other.of('t1'))
  expect(one.of('t2')).not.toEqual(other.of('t2'))
  expect(one.of('t1')).toEqual(scopeOf({ 1: 'a', 2: 'b', 3: 'c' }, [1, 2]).of('t1'))
  expect(scopeOf({ 2: 'b', 3: 'c', 1: 'a' }, [2]).of('t2')).toEqual(scopeOf({ 2: 'b', 3: 'c', 1: 'x' }, [2]).of('t2'))
  const plain = scopeOf({ 1: 'a', 2: 'b', 3: 'c' }, [])
  expect(plain.of('t1')).toEqual(['["a"]'])
  expect(new Set([one, other, plain].map(({ fingerprint }) => fingerprint)).size).toBe(3)
})
