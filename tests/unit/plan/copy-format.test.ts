import { expect, test } from 'vitest'
import { type CatalogType, columnTransfer } from '../../../src/plan/column-transfer.ts'
import { copyFormat, type FormatConditions } from '../../../src/plan/copy-format.ts'
import type { ColumnTransfer } from '../../../src/plan/observed.ts'

const conditions: FormatConditions = {
  encoding: 'UTF8',
  targetVersion: 170_000,
  sourceExtensions: new Map([['citext', '1.6']]),
  targetExtensions: new Map([['citext', '1.6']]),
}

test.each<[ColumnTransfer[], Partial<FormatConditions>, 'binary' | 'text']>([
  [[{ kind: 'binary' }], {}, 'binary'],
  [[], {}, 'text'],
  [[{ kind: 'binary' }, { kind: 'text' }], {}, 'text'],
  [[{ kind: 'none' }], {}, 'text'],
  [[{ kind: 'binary-from-14' }], { targetVersion: 140_000 }, 'binary'],
  [[{ kind: 'binary-from-14' }], { targetVersion: 130_020 }, 'text'],
  [[{ kind: 'binary-from-17' }], { targetVersion: 160_009 }, 'text'],
  [[{ kind: 'binary-from-17' }], {}, 'binary'],
  [[{ kind: 'extension', extension: 'citext' }], {}, 'binary'],
  [[{ kind: 'extension', extension: 'citext' }], { targetExtensions: new Map([['citext', '1.5']]) }, 'text'],
  [[{ kind: 'extension', extension: 'postgis' }], {}, 'text'],
  [[{ kind: 'binary' }], { encoding: 'SQL_ASCII' }, 'text'],
])('columns %j under %j: %s', (transfers, given, expected) => {
  const columns = transfers.map((transfer) => ({ transfer }))
  expect(copyFormat(columns, { ...conditions, ...given })).toBe(expected)
})

const types = new Map(
  [
    builtIn(23, 'int4'),
    builtIn(1186, 'interval'),
    builtIn(1187, '_interval', { isArray: true, components: [1186] }),
    builtIn(1007, '_int4', { isArray: true, components: [23] }),
    builtIn(790, 'money'),
    builtIn(142, 'xml'),
    builtIn(2205, 'regclass'),
    builtIn(1033, 'aclitem', { travelsBinary: false }),
    builtIn(194, 'pg_node_tree', { travelsBinary: false }),
    builtIn(3904, 'int4range', { kind: 'r', components: [23] }),
    user(20_000, { kind: 'e' }),
    user(20_001, { isArray: true, components: [20_000] }),
    user(20_002, { kind: 'd', components: [23] }),
    user(20_003, { kind: 'd', components: [790] }),
    user(20_004, { kind: 'c', components: [23, 20_000] }),
    user(20_005, { kind: 'c', components: [23, 2205] }),
    user(20_006, { kind: 'r', components: [1186] }),
    user(20_007, { extension: 'citext' }),
    user(20_008, { isArray: true, components: [20_007], extension: 'citext' }),
    user(20_009, {}),
    user(20_010, { kind: 'c', components: [1186] }),
    user(20_011, { kind: 'd', components: [20_007] }),
    user(13_000, { kind: 'c', components: [23] }),
    user(20_012, { kind: 'm', components: [20_006] }),
  ].map((type) => [type.oid, type]),
)

test.each<[number, string, number?]>([
  [23, 'binary'],
  [1007, 'binary'],
  [3904, 'binary'],
  [790, 'text'],
  [142, 'text'],
  [2205, 'text'],
  [1033, 'text'],
  [194, 'none'],
  [1186, 'binary'],
  [1186, 'binary-from-17', 170_000],
  [1187, 'binary-from-17', 180_000],
  [20_000, 'binary'],
  [20_001, 'binary-from-14'],
  [20_002, 'binary'],
  [20_003, 'text'],
  [20_004, 'binary-from-14'],
  [20_005, 'text'],
  [20_006, 'binary'],
  [20_006, 'binary-from-17', 170_000],
  [20_012, 'binary-from-17', 170_000],
  [20_007, 'extension'],
  [20_008, 'text'],
  [20_009, 'text'],
  [20_010, 'binary-from-17', 170_000],
  [20_010, 'binary-from-14'],
  [20_011, 'extension'],
  [13_000, 'text'],
  [99_999, 'text'],
])('type %i travels as %s (source %s)', (oid, expected, version = 150_000) => {
  expect(columnTransfer(oid, types, version).kind).toBe(expected)
})

function builtIn(oid: number, name: string, overrides: Partial<CatalogType> = {}): CatalogType {
  return { oid, name, builtIn: true, kind: 'b', isArray: false, travelsBinary: true, components: [], extension: null, ...overrides }
}

function user(oid: number, overrides: Partial<CatalogType>): CatalogType {
  return { ...builtIn(oid, `t${oid}`), builtIn: false, ...overrides }
}
