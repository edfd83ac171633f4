import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { observeKeys } from '../../src/engine/observe/observe-keys.ts'
import { openObserver } from '../../src/engine/observe/open-observer.ts'
import { type CatalogDatabase, readDatabase } from '../../src/pg/catalog/database.ts'
import type { Session } from '../../src/pg/session.ts'
import type { ObservedFilter } from '../../src/plan/observed.ts'
import { selectTables } from '../../src/scope/selection.ts'
import { databasePair } from '../support/database-pair.ts'
import { selecting } from '../support/selecting.ts'

const tables = ['a', 'b', 'c', 'd'] as const
type Table = (typeof tables)[number]

interface Row {
  readonly id: number
  /** What it refers to, by the number of the key. */
  readonly parents: readonly (number | null)[]
}

interface Graph {
  /** Keys of each table, by parent. */
  readonly keys: Readonly<Record<Table, readonly Table[]>>
  readonly rows: Readonly<Record<Table, readonly Row[]>>
  /** Of the filtered ones: the ids that are wanted. */
  readonly wanted: Readonly<Record<Table, readonly number[] | null>>
}

const size = 6
const each = <T>(arbitrary: fc.Arbitrary<T>) => fc.record({ a: arbitrary, b: arbitrary, c: arbitrary, d: arbitrary })
const row = fc.array(fc.option(fc.integer({ min: 1, max: size })), { minLength: 3, maxLength: 3 })
const graphs: fc.Arbitrary<Graph> = fc
  .record({
    keys: each(fc.array(fc.constantFrom(...tables), { maxLength: 3 })),
    rows: each(fc.array(row, { minLength: size, maxLength: size })),
    wanted: each(fc.option(fc.subarray([1, 2, 3, 4, 5, 6]), { freq: 4 })),
  })
  .map(({ keys, rows, wanted }) => {
    const numbered = (given: readonly (readonly (number | null)[])[], count: number) =>
      given.map((parents, index) => ({ id: index + 1, parents: parents.slice(0, count) }))
    const of = (table: Table) => numbered(rows[table], keys[table].length)
    return { keys, rows: { a: of('a'), b: of('b'), c: of('c'), d: of('d') }, wanted }
  })

test('what comes along is the least that foreign keys need, and what lacks its parent is counted', {
  timeout: 120_000,
}, async (context) => {
  const pair = await databasePair(context, { source: 15, target: 15 })
  const settings = parseConnectionUrl(pair.source.url, { user: 'postgres' })
  const open = () => openObserver(settings, pair.source.name, new AbortController().signal)
  await fc.assert(
    fc.asyncProperty(graphs, async (graph) => {
      await pair.source.query(definition(graph))
      const catalog = await readCatalog(open)
      const conditions = tables.flatMap((table): [string, string][] => {
        const ids = graph.wanted[table]
        return ids === null ? [] : [[table, ids.length === 0 ? 'false' : `id in (${ids.join(', ')})`]]
      })
      const observe = async (follow: boolean) => {
        const rules = selecting(pair, { filters: conditions, follow })
        const selections = selectTables(rules, [{ name: pair.source.name, ...catalog }], []).databases.get(pair.source.name) ?? new Map()
        const filters = new Map(
          catalog.relations.flatMap(({ oid, name }): [number, ObservedFilter][] => {
            const predicate = new Map(conditions).get(name)
            return predicate === undefined
              ? []
              : [[oid, { predicate, given: null, error: null, estimatedRows: new Map(), compressedChunks: new Map() }]]
          }),
        )
        return observeKeys(open, { ...catalog, filters }, selections, { copying: true, replicated: false })
      }
      const counted = (await observe(false)).partialKeys.flatMap(({ key, orphans }) =>
        'rows' in orphans && orphans.rows > 0n ? [`${key.name} ${orphans.rows}`] : [],
      )
      expect(counted.sort()).toEqual(orphansOf(graph).sort())

      const followed = await observe(true)
      expect(followed.partialKeys).toEqual([])
      const queries = catalog.relations.map(({ oid, name }) => {
        const predicate = followed.filters.get(oid)?.predicate ?? 'true'
        return `select '${name}' as name, array(select id from only ${name} as copied_row where (${predicate}) order by id)::text as ids`
      })
      const found = await pair.source.query(queries.join(' union all '))
      expect(Object.fromEntries(found.map(({ name, ids }) => [name, ids]))).toEqual(leastClosed(graph))
    }),
    { numRuns: 20 },
  )
})

async function readCatalog(open: () => Promise<Session>): Promise<CatalogDatabase> {
  await using session = await open()
  return await readDatabase(session)
}

function definition({ keys, rows }: Graph): string {
  const columns = (table: Table) => keys[table].map((_, index) => `k${index} int`)
  return [
    'drop table if exists a, b, c, d cascade',
    ...tables.map((table) => `create table ${table} (${['id int primary key', ...columns(table)].join(', ')})`),
    ...tables.map((table) => {
      const values = rows[table].map(({ id, parents }) => `(${[id, ...parents.map((one) => one ?? 'null')].join(', ')})`)
      return `insert into ${table} values ${values.join(', ')}`
    }),
    ...tables.flatMap((table) =>
      keys[table].map(
        (parent, index) => `alter table ${table} add constraint ${table}_k${index} foreign key (k${index}) references ${parent}`,
      ),
    ),
  ].join(';\n')
}

function selected({ rows, wanted }: Graph): Map<Table, Set<number>> {
  return new Map(tables.map((table) => [table, new Set(wanted[table] ?? rows[table].map(({ id }) => id))]))
}

function leastClosed(graph: Graph): Record<string, string> {
  const there = selected(graph)
  for (let grown = true; grown; ) {
    grown = false
    for (const table of tables) {
      for (const { id, parents } of graph.rows[table]) {
        if (!there.get(table)?.has(id)) continue
        for (const [index, parent] of parents.entries()) {
          const ofParent = there.get(graph.keys[table][index] ?? 'a')
          if (parent === null || ofParent === undefined || ofParent.has(parent)) continue
          ofParent.add(parent)
          grown = true
        }
      }
    }
  }
  return Object.fromEntries([...there].map(([table, ids]) => [table, `{${[...ids].sort().join(',')}}`]))
}

/** By key. */
function orphansOf(graph: Graph): string[] {
  const there = selected(graph)
  return tables.flatMap((table) =>
    graph.keys[table].flatMap((parent, index) => {
      const orphans = graph.rows[table].filter(({ id, parents }) => {
        const key = parents[index] ?? null
        return there.get(table)?.has(id) && key !== null && !there.get(parent)?.has(key)
      })
      return orphans.length === 0 ? [] : [`${table}_k${index} ${orphans.length}`]
    }),
  )
}
