import { describe, expect, test } from 'vitest'
import type { TablePlan } from '../../../src/plan/plan.ts'
import { planVerification, type TableLayout } from '../../../src/plan/verification.ts'

const layout = (more: Partial<TableLayout> = {}): TableLayout => ({
  schema: 's',
  name: 't',
  kind: 'table',
  columns: ['a'],
  blocks: 10,
  bytes: 81920n,
  ...more,
})

function table(more: Partial<TablePlan> = {}): TablePlan {
  return { schema: 's', name: 't', kind: 'table', rule: 'copy', extension: null, predicate: null, parts: [], ...more } as TablePlan
}

const side = (versionNumber: number, ...tables: TableLayout[]) => ({ versionNumber, tables })

/** The only comparison of one table whose statements read 16,384 bytes at most. */
function comparison(more: Partial<TablePlan> = {}, source = layout(), target = layout(), version = 150000) {
  const [one] = planVerification([table(more)], side(version, source), side(version, target), 16384)
  if (one?.kind !== 'read') throw new Error(`${one?.kind}`)
  return one
}

describe('ranges', () => {
  test('are of blocks and leave none out', () => {
    const ranges = comparison().source.map((reading) => (reading.of === 'table' ? reading.range : undefined))
    expect(ranges).toEqual([
      { by: 'ctid', from: null, to: 2 },
      { by: 'ctid', from: 2, to: 4 },
      { by: 'ctid', from: 4, to: 6 },
      { by: 'ctid', from: 6, to: 8 },
      { by: 'ctid', from: 8, to: null },
    ])
  })

  test('are smaller where TOAST is large, but a block at least', () => {
    expect(comparison({}, layout({ blocks: 3, bytes: 1n << 30n })).source).toHaveLength(3)
  })

  test('are each side’s own', () => {
    const { source, target } = comparison({}, layout(), layout({ blocks: 1, bytes: 8192n }))
    expect([source.length, target.length]).toEqual([5, 1])
  })

  test('are of keys before 14, where the copy has such', () => {
    const parts = [
      { by: 'key', column: 'a', from: null, to: '5' },
      { by: 'key', column: 'a', from: '5', to: null },
    ] as const
    expect(comparison({ parts }, layout(), layout(), 130000).source.map((reading) => reading.of === 'table' && reading.range)).toEqual(
      parts,
    )
    expect(comparison({}, layout(), layout(), 130000).source).toMatchObject([{ range: { by: 'whole' } }])
  })
})

describe('what is read', () => {
  test('a filter binds the source alone', () => {
    const { source, target } = comparison({ rule: 'filtered', predicate: 'a > 1' })
    expect(source[0]).toMatchObject({ predicate: 'a > 1' })
    expect(target[0]).toMatchObject({ predicate: null })
  })

  test('the condition of an extension binds both, since the extension has rows of its own', () => {
    expect(comparison({ extension: 'x', predicate: 'a > 1' }).target[0]).toMatchObject({ predicate: 'a > 1' })
  })

  test('columns in the order of the source', () => {
    const { target } = comparison({}, layout({ columns: ['a', 'b'] }), layout({ columns: ['b', 'a'] }))
    expect(target[0]).toMatchObject({ columns: ['a', 'b'] })
  })

  test('a partitioned table that takes its partitions’ rows, whole', () => {
    expect(comparison({ kind: 'partitioned' }, layout({ kind: 'partitioned' }), layout({ kind: 'partitioned' })).source[0]).toMatchObject({
      whole: true,
    })
  })

  test('the biggest first', () => {
    const names = planVerification(
      [table({ name: 'small' }), table({ name: 'big' }), table({ name: 'out', rule: 'excluded' })],
      side(150000, layout({ name: 'small' }), layout({ name: 'big', bytes: 1n << 40n })),
      side(150000, layout({ name: 'small' }), layout({ name: 'big' })),
    ).map(({ table: { name } }) => name)
    expect(names).toEqual(['big', 'small', 'out'])
  })
})

describe('what is not read', () => {
  const reasons = (more: Partial<TablePlan>, source: TableLayout[], target: TableLayout[]) =>
    planVerification([table(more)], side(150000, ...source), side(150000, ...target)).map((one) => [
      one.kind,
      one.kind === 'read' ? '' : one.reason,
    ])

  test('differs where one side lacks it', () => {
    expect(reasons({}, [layout()], [])).toEqual([['different', 'it is missing on the target']])
    expect(reasons({}, [], [layout()])).toEqual([['different', 'it is no longer on the source']])
    expect(reasons({}, [layout({ columns: ['a', 'b'] })], [layout({ columns: ['a', 'c', 'd'] })])).toEqual([
      ['different', 'column missing on the target: b; columns extra on the target: c, d'],
    ])
  })

  test('is skipped where no rows were copied', () => {
    expect(reasons({ rule: 'schema-only' }, [layout()], [])).toEqual([['skipped', 'schema only: its rows are not replicated']])
    expect(reasons({ rule: 'empty', kind: 'partitioned' }, [], [])).toEqual([['skipped', 'it has no rows of its own']])
    expect(reasons({ rule: 'empty', kind: 'materialized-view' }, [], [])).toEqual([
      ['skipped', 'a materialized view: its rows are made anew on the target'],
    ])
  })
})
