import { describe, expect, test } from 'vitest'
import { film, logs, select } from '../support/scope-database.ts'

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

  test.each([
    [{ filters: [['titles', 'true']] }, "titles is a view, which a filter can't be about.", 'tables that'],
    [{ schemaOnly: ['public.titles'] }, "public.titles is a view, which schema-only-tables can't be about.", 'tables that'],
    [{ exclude: ['film_id_seq'] }, "film_id_seq is a sequence, which exclude-tables can't be about.", 'with its table'],
    [{ filters: [['title', 'true']] }, 'No table of the databases in scope is called title.', ''],
  ] as const)('%j: what is there, but of another kind, is called so', (rules, message, hint) => {
    const { problems } = select([film()], rules)
    expect(problems).toMatchObject([{ code: 'table-unknown', message, hint: expect.stringContaining(hint) }])
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
