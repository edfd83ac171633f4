import { expect, test } from 'vitest'
import { routedPartProblems } from '../../../src/plan/routed-parts.ts'
import type { Selection } from '../../../src/scope/scope-database.ts'
import { catalog, pair, relation } from '../support/observed.ts'

const predicate = [{ kind: 'predicate', predicate: 'id > 1' }] as const
const whole: Selection = { rule: 'full', conditions: [], filterOid: 1 }
const filtered: Selection = { rule: 'filtered', conditions: predicate, filterOid: 1 }
const tree = [
  relation({ oid: 1, name: 'top', kind: 'partitioned', routedByOid: true }),
  relation({ oid: 2, name: 'one', isPartition: true, parents: [1] }),
  relation({ oid: 3, name: 'other', isPartition: true, parents: [1] }),
]

test.each<[string, Selection, Selection, string | null]>([
  ['all of it', whole, whole, null],
  ['none of it', { ...whole, rule: 'excluded' }, { ...whole, rule: 'excluded' }, null],
  ['all under a filter of the whole', filtered, filtered, null],
  ['without one partition', whole, { ...whole, rule: 'excluded' }, '"public"."one"'],
  ['one partition without rows', whole, { ...whole, rule: 'schema-only' }, '"public"."one"'],
  ['one partition under a filter of its own', whole, { ...filtered, filterOid: 2 }, '"public"."one"'],
])('a tree whose rows go in at the top: %s', (_, top, one, named) => {
  const selections = new Map([
    [1, top],
    [2, one],
    [3, top],
  ])
  const messages = routedPartProblems(pair({ catalog: catalog({ relations: tree }) }), selections).map(({ message }) => message)
  expect(messages).toEqual(named === null ? [] : [`1 partition can't be chosen apart from "public"."top": ${named}.`])
  const unrouted = tree.map((each) => ({ ...each, routedByOid: false }))
  expect(routedPartProblems(pair({ catalog: catalog({ relations: unrouted }) }), selections)).toEqual([])
})
