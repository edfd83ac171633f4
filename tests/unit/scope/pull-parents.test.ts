import { describe, expect, test } from 'vitest'
import { key, logs, relation, select } from '../support/scope-database.ts'

/** 9 → 8 → 7, and 9 → the partitioned 1. */
const database = {
  ...logs(),
  relations: [...logs().relations, relation(7, 'country'), relation(8, 'person'), relation(9, 'note'), relation(10, 'other')],
  foreignKeys: [key(9, 8), key(8, 7), key(9, 1), key(10, 9)],
}

describe('tables that include-tables does not list', () => {
  test('stay out unless foreign keys are followed', () => {
    expect(select([database], { include: ['note'] }).rules).toMatchObject({
      note: 'full',
      person: 'excluded',
      country: 'excluded',
      logs: 'excluded',
    })
  })

  test('are pulled in if rows refer to them, however indirectly, for those rows alone', () => {
    const { rules, selections } = select([database], { include: ['note'], filters: [['person', 'id = 1']], follow: true })
    expect(rules).toMatchObject({ note: 'full', person: 'filtered', country: 'filtered', other: 'excluded' })
    expect(rules).toMatchObject({ m2024_01: 'filtered', y2025: 'filtered' })
    expect(selections.get(8)).toMatchObject({ conditions: [], filterOid: 8, comesAlong: true })
  })

  test('stay out where they, or what refers to them, are named to have no rows', () => {
    expect(select([database], { include: ['note'], exclude: ['person'], follow: true }).rules).toMatchObject({
      person: 'excluded',
      country: 'excluded',
    })
    expect(select([database], { include: ['note'], schemaOnly: ['person'], follow: true }).rules).toMatchObject({ country: 'excluded' })
    expect(select([database], { include: ['note'], schemaOnly: ['note'], follow: true }).rules).toMatchObject({ person: 'excluded' })
    expect(select([database], { include: ['note', 'm2024_01'], exclude: ['y2025'], follow: true }).rules).toMatchObject({
      m2024_01: 'full',
      y2025: 'excluded',
    })
  })

  test('do not matter where everything is included', () => {
    const { selections } = select([database], {
      filters: [
        ['person', 'id = 1'],
        ['other', 'id = 1'],
      ],
      follow: true,
    })
    expect(selections.get(8)).toMatchObject({ rule: 'filtered', comesAlong: true })
    expect(selections.get(10)).toEqual({ rule: 'filtered', conditions: [{ kind: 'predicate', predicate: 'id = 1' }], filterOid: 10 })
    expect(selections.get(7)).toEqual({ rule: 'full', conditions: [], filterOid: 7 })
  })
})
