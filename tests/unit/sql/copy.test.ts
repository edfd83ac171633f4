import { expect, test } from 'vitest'
import { loadPartSql, loadWholeSql, readTableSql } from '../../../src/sql/copy.ts'

const table = {
  oid: 42,
  schema: 'public',
  name: 'odd"name',
  kind: 'table',
  extension: null,
  columns: ['id', 'Value'],
  predicate: null,
  format: 'binary' as const,
}
const whole = { by: 'whole' } as const

test('a whole table is read as it stands, and loaded frozen into its own emptied file', () => {
  expect(readTableSql(table, whole, '00000003-1B-1', 'UTF8')).toContain(
    `copy "public"."odd""name" ("id", "Value") to stdout (format binary);`,
  )
  expect(loadWholeSql(table, 'UTF8')).toBe(`begin;
truncate only "public"."odd""name";
copy "public"."odd""name" ("id", "Value") from stdin (format binary, freeze)`)
})

test('a filter and a range hold together, and a filter may end in a comment', () => {
  const sql = readTableSql({ ...table, predicate: 'id > 1 -- so' }, { by: 'ctid', from: 10, to: null }, 's', 'UTF8')
  expect(sql).toContain(`where copied_row.ctid >= '(10,0)'::pg_catalog.tid and (id > 1 -- so\n)) to stdout`)
})

test('bounds of keys are literals, open at the ends', () => {
  const sql = readTableSql(table, { by: 'key', column: 'Key', from: "it's", to: 'z\\' }, 's', 'UTF8')
  expect(sql).toContain(`where copied_row."Key" >= 'it''s' and copied_row."Key" <  E'z\\\\'`)
  expect(readTableSql(table, { by: 'key', column: 'k', from: null, to: null }, 's', 'UTF8')).not.toContain('where copied_row."k"')
})

test('a part never empties its table', () => {
  expect(loadPartSql(table, 'UTF8')).not.toMatch(/truncate|freeze/)
})

test("an extension's own rows stay, and so a load that is repeated replaces the others alone", () => {
  const sql = loadWholeSql({ ...table, extension: 'postgis', predicate: 'srid > 999' }, 'UTF8')
  expect(sql).toContain(`delete from only "public"."odd""name" where (srid > 999\n)`)
  expect(sql).not.toMatch(/truncate|freeze/)
})

test('a partitioned table is read and emptied with its partitions', () => {
  const partitioned = { ...table, kind: 'partitioned' }
  expect(readTableSql(partitioned, whole, 's', 'UTF8')).toContain(
    '(select "id", "Value" from "public"."odd""name" as copied_row) to stdout',
  )
  expect(loadWholeSql(partitioned, 'UTF8')).toContain('truncate "public"')
  expect(loadWholeSql(partitioned, 'UTF8')).not.toContain('freeze')
})

test('text travels in the database’s own encoding', () => {
  expect(readTableSql({ ...table, format: 'text' }, whole, 's', 'SQL_ASCII')).toContain("(format text, encoding 'SQL_ASCII')")
})

test('a table without columns is no syntax error', () => {
  expect(loadWholeSql({ ...table, columns: [] }, 'UTF8')).toContain('copy "public"."odd""name" from stdin')
})
