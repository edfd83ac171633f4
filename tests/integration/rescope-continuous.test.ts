import { expect, test } from 'vitest'
import type { Config, TableReference } from '../../src/config/config.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from '../support/continuous.ts'
import { databasePair } from '../support/database-pair.ts'
import { leaveLane, stopInit } from '../support/lanes.ts'
import { loadWriterTables, startWriter } from '../support/writer.ts'

const nothing = {
  includeDatabases: [],
  excludeDatabases: [],
  includeTables: [],
  excludeTables: [],
  schemaOnlyTables: [],
  tableFilters: [],
  timeFilters: [],
  followForeignKeys: false,
}

const named = (...tables: readonly string[]): TableReference[] =>
  tables.map((text) => ({ text, parts: ['public', text].map((part) => ({ text: part, quoted: true })) }))

test('tables that are followed already leave their lane, and come into another, while they are written to', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18 })
  await loadWriterTables(pair.source)
  await using writer = await startWriter(pair.source)
  const before: Config['scope'] = {
    ...nothing,
    excludeTables: named('by_index', 'measurement_2024_late'),
    schemaOnlyTables: named('whole_row'),
  }
  // Two lanes, of which the first is subscribed.
  await leaveLane(pair, 5, { scope: before })
  await leaveLane(pair, 4, { scope: before })
  const copied = await pair.target.query<{ name: string; lane: string }>('select table_name as name, lane from seren_replicator.copied')
  expect(copied.map(({ name }) => name)).toEqual(expect.arrayContaining(['reading', 'document', 'orders']))
  const listed =
    "select srrelid::regclass::text as name from pg_subscription_rel where srrelid::regclass::text in ('document', 'reading', 'orders')"
  expect(await pair.target.query(listed)).not.toEqual([])

  const [reading] = named('reading')
  const after: Config['scope'] = {
    ...nothing,
    excludeTables: named('document'),
    tableFilters: reading === undefined ? [] : [{ table: reading, predicate: 'region < 3' }],
  }
  const orders = "select xmin as noted, pg_relation_filenode('orders') as file from seren_replicator.copied where table_name = 'orders'"
  const kept = await pair.target.query(orders)
  await stopInit(pair, (event) => event.type === 'phase-finished' && event.phase === 'scope', { scope: after, yes: true })
  expect(await pair.target.query("select to_regclass('document') as document, (select count(*) from reading) as reading")).toEqual([
    { document: null, reading: '0' },
  ])
  expect(await pair.target.query(orders)).toEqual(kept)
  await expectDone(pair, 'init', { scope: after })
  await expectDone(pair, 'sync', { scope: after })
  expect(await pair.target.query("select pg_relation_filenode('orders') as file")).toMatchObject([{ file: kept[0]?.['file'] }])
  await expectUndisturbed(writer)
  await expectEqual(pair, { except: ['public.document'], filters: { 'public.reading': 'region < 3' } })
  await expectDone(pair, 'verify', { scope: after })
  await expectRemoved(pair)
})
