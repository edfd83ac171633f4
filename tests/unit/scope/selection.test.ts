import { describe, expect, test } from 'vitest'
import type { ScopeRules } from '../../../src/config/config.ts'
import { parseTableReference } from '../../../src/config/table-reference.ts'
import type { ScopeDatabase, ScopeForeignKey, ScopeRelation } from '../../../src/scope/scope-database.ts'
import { selectTables } from '../../../src/scope/selection.ts'
import { config } from '../support/config.ts'

describe('what is named', () => {
  test('everything is copied unless something says otherwise', () => {
    expect(select([film()], {}).rules).toEqual({ film: 'full', actor: 'full', titles: 'full', film_id_seq: 'full' })
  })

  test('include leaves out the rest, with views that need it and sequences that belong to it', () => {
    expect(select([film()], { include: ['actor'] }).rules).toEqual({
      film: 'excluded',
      actor: 'full',
      titles: 'excluded',
      film_id_seq: 'excluded',
    })
    expect(select([film()], { include: ['film'] }).rules).toEqual({ film: 'full', actor: 'excluded', titles: 'full', film_id_seq: 'full' })
  })

  test('exclude wins', () => {
    const { rules, problems } = select([film()], {
      include: ['*'],
      exclude: ['actor'],
      schemaOnly: ['actor'],
      filters: [['actor', 'true']],
    })
    expect(rules['actor']).toBe('excluded')
    expect(problems).toEqual([])
  })

  test('a partitioned table means its partitions; a partition brings the tables that it is of', () => {
    expect(select([logs()], { schemaOnly: ['logs'] }).rules).toMatchObject({
      logs: 'schema-only',
      y2024: 'schema-only',
      m2024_01: 'schema-only',
    })
    expect(select([logs()], { include: ['m2024_01'] }).rules).toEqual({ logs: 'full', y2024: 'full', m2024_01: 'full', y2025: 'excluded' })
    expect(select([logs()], { exclude: ['y2024'] }).rules).toEqual({ logs: 'full', y2024: 'excluded', m2024_01: 'excluded', y2025: 'full' })
  })

  test('filters add up, those of a partitioned table with those of its partition', () => {
    const { selections } = select([logs()], {
      filters: [
        ['logs', 'a'],
        ['y2025', 'b'],
        ['y2025', 'c'],
      ],
    })
    expect(selections.get(4)).toEqual({
      rule: 'filtered',
      conditions: [
        { kind: 'predicate', predicate: 'b' },
        { kind: 'predicate', predicate: 'c' },
        { kind: 'predicate', predicate: 'a' },
      ],
      filterOid: 4,
    })
    expect(selections.get(3)).toMatchObject({ rule: 'filtered', filterOid: 1 })
  })

  test('a filter on a table without rows contradicts itself', () => {
    expect(select([film()], { schemaOnly: ['film'], filters: [['film', 'true']] }).problems).toMatchObject([
      { code: 'filter-invalid', relation: '"public"."film"' },
    ])
  })

  test('views have no rows to filter', () => {
    expect(select([film()], { filters: [['titles', 'true']] }).problems).toMatchObject([{ code: 'table-unknown' }])
  })
})

describe('databases', () => {
  const two = [film('one'), film('two')]

  test('a table named for one doesn’t pull in others', () => {
    expect(select(two, { include: ['one.public.film'] }).databases).toEqual(['one'])
    expect(select(two, { include: ['film'] }).databases).toEqual(['one', 'two'])
  })

  test('one that was named is whole when the tables are of another', () => {
    const { databases, problems, scope } = select(two, { include: ['one.public.film'], databases: ['one', 'two'] })
    expect(databases).toEqual(['one', 'two'])
    expect(problems).toEqual([])
    expect([...(scope.databases.get('two')?.values() ?? [])].every(({ rule }) => rule === 'full')).toBe(true)
  })

  test('one that was named, of which nothing is included, is a mistake', () => {
    const { problems } = select([film('one'), logs('two')], { include: ['film'], databases: ['one', 'two'] })
    expect(problems).toMatchObject([{ code: 'nothing-selected', database: 'two' }])
  })

  test('unnamed ones without included tables are left out', () => {
    expect(select([film('one'), logs('two')], { include: ['film'] })).toMatchObject({ databases: ['one'], problems: [] })
  })
})

describe('what is needed', () => {
  test('views on views of an excluded table', () => {
    const database = film()
    const { problems } = select([database], { exclude: ['film'] })
    expect(problems).toMatchObject([{ code: 'dependency-excluded', relation: '"public"."film"' }])
    expect(problems[0]?.message).toBe('"public"."film" is left out, but view public.titles needs it.')
    expect(select([database], { exclude: ['film', 'titles'] }).problems).toEqual([])
  })

  test('the chain is told', () => {
    const database = { ...film(), dependencies: [...film().dependencies, needs(3, null, 'function public.f(public.titles)')] }
    const { problems } = select([database], { exclude: ['film'] })
    expect(problems[0]?.message).toContain('view public.titles needs it, and function public.f(public.titles) needs view public.titles.')
  })

  test('an inheritance parent, but not a partitioned table without one of its partitions', () => {
    const database = { ...film(), relations: [...film().relations, relation(9, 'sequel', { parents: [1] })] }
    expect(select([database], { exclude: ['film', 'titles'] }).problems).toMatchObject([
      { message: '"public"."film" is left out, but "public"."sequel" inherits from it.' },
    ])
    expect(select([logs()], { exclude: ['y2024'] }).problems).toEqual([])
  })

  test.each<[string, Given, string | null]>([
    ['everything', {}, null],
    ['excluded parent', { exclude: ['film', 'titles'] }, 'left out'],
    ['excluded child', { exclude: ['actor'] }, null],
    ['both excluded', { exclude: ['film', 'titles', 'actor'] }, null],
    ['parent without rows', { schemaOnly: ['film'] }, 'copied without rows'],
    ['child without rows', { schemaOnly: ['actor'] }, null],
    ['both without rows', { schemaOnly: ['film', 'actor'] }, null],
    ['excluded parent, child without rows', { exclude: ['film', 'titles'], schemaOnly: ['actor'] }, 'left out'],
    ['filtered parent', { filters: [['film', 'true']] }, 'is filtered'],
    ['filtered child', { filters: [['actor', 'true']] }, null],
    [
      'both filtered',
      {
        filters: [
          ['film', 'true'],
          ['actor', 'true'],
        ],
      },
      null,
    ],
    ['filtered child, parent without rows', { schemaOnly: ['film'], filters: [['actor', 'true']] }, 'copied without rows'],
  ])('foreign keys: %s', (_, given, expected) => {
    const database = { ...film(), foreignKeys: [key(2, 1)] }
    const messages = select([database], given).problems.map(({ message }) => message)
    if (expected === null) expect(messages).toEqual([])
    else expect(messages).toEqual([expect.stringContaining(expected)])
  })

  test('a foreign key to itself binds only filtered rows that refer to others', () => {
    const database = { ...film(), foreignKeys: [key(2, 2)] }
    for (const given of [{ schemaOnly: ['actor'] }, { exclude: ['actor'] }, { filters: [['actor', 'true']] as [string, string][] }]) {
      expect(select([database], given).problems).toEqual([])
    }
  })

  test('one partition without rows is enough to break a key', () => {
    const database = { ...logs(), relations: [...logs().relations, relation(9, 'child')], foreignKeys: [key(9, 1)] }
    expect(select([database], { schemaOnly: ['y2025'] }).problems).toMatchObject([
      { message: expect.stringContaining('copied without rows') },
    ])
    expect(select([database], {}).problems).toEqual([])
  })
})

interface Given {
  readonly databases?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly schemaOnly?: readonly string[]
  readonly filters?: readonly (readonly [string, string])[]
}

function select(databases: readonly ScopeDatabase[], given: Given) {
  const references = (texts: readonly string[] = []) => texts.map((text) => parseTableReference(text))
  const rules: ScopeRules = {
    ...config().scope,
    includeDatabases: (given.databases ?? []).map((text) => ({ text, quoted: false })),
    includeTables: references(given.include),
    excludeTables: references(given.exclude),
    schemaOnlyTables: references(given.schemaOnly),
    tableFilters: (given.filters ?? []).map(([table, predicate]) => ({ table: parseTableReference(table), predicate })),
  }
  const scope = selectTables(rules, databases, [])
  const [first] = databases
  const selections = scope.databases.get(first?.name ?? '') ?? new Map()
  const named = new Map(first?.relations.map(({ oid, name }) => [oid, name]))
  return {
    scope,
    selections,
    databases: [...scope.databases.keys()],
    problems: scope.problems,
    rules: Object.fromEntries([...selections].map(([oid, { rule }]) => [named.get(oid), rule])),
  }
}

function film(name = 'app'): ScopeDatabase {
  return {
    name,
    relations: [
      relation(1, 'film'),
      relation(2, 'actor'),
      relation(3, 'titles', { kind: 'view' }),
      relation(4, 'film_id_seq', { kind: 'sequence' }),
    ],
    dependencies: [
      needs(1, 3, 'view public.titles'),
      { ...needs(1, 4, 'sequence public.film_id_seq'), owned: true },
      needs(4, 1, 'table public.film'),
    ],
    foreignKeys: [],
  }
}

function logs(name = 'app'): ScopeDatabase {
  const partition = { isPartition: true }
  return {
    name,
    relations: [
      relation(1, 'logs', { kind: 'partitioned' }),
      relation(2, 'y2024', { kind: 'partitioned', parents: [1], ...partition }),
      relation(3, 'm2024_01', { parents: [2], ...partition }),
      relation(4, 'y2025', { parents: [1], ...partition }),
    ],
    dependencies: [],
    foreignKeys: [],
  }
}

function relation(oid: number, name: string, overrides: Partial<ScopeRelation> = {}): ScopeRelation {
  return { oid, schema: 'public', name, kind: 'table', parents: [], isPartition: false, ...overrides }
}

function needs(on: number, dependent: number | null, description: string) {
  return { on, dependent, description, owned: false }
}

function key(childOid: number, parentOid: number): ScopeForeignKey {
  return { name: 'fk', childOid, parentOid }
}
