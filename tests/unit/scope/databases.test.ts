import { expect, test } from 'vitest'
import type { NamePart, ScopeRules } from '../../../src/config/config.ts'
import { selectDatabases } from '../../../src/scope/databases.ts'
import { config } from '../support/config.ts'
import { database } from '../support/observed.ts'

const parts = (names: readonly string[]): NamePart[] => names.map((text) => ({ text, quoted: false }))
const rules = (include: readonly string[], exclude: readonly string[] = []): ScopeRules => ({
  ...config().scope,
  includeDatabases: parts(include),
  excludeDatabases: parts(exclude),
})

const all = [
  database({ name: 'app' }),
  database({ name: 'app_old' }),
  database({ name: 'closed', allowConnections: false }),
  database({ name: 'postgres' }),
  database({ name: 'rdsadmin' }),
  database({ name: 'template0', isTemplate: true, allowConnections: false }),
  database({ name: 'template1', isTemplate: true }),
]

test.each([
  [[], [], ['app', 'app_old', 'postgres']],
  [['app'], [], ['app']],
  [['app*'], ['*_old'], ['app']],
  [['*'], [], ['app', 'app_old', 'postgres', 'rdsadmin']],
  [[], ['app'], ['app_old', 'postgres']],
  [['template1'], [], ['template1']],
  [['closed'], [], ['closed']],
  [['app'], ['app'], []],
])('include %j, exclude %j', (include, exclude, expected) => {
  expect(selectDatabases(rules(include, exclude), all)).toEqual({ names: expected, problems: [] })
})

test('unknown names are problems, with the nearest', () => {
  const { problems } = selectDatabases(rules(['ap'], ['nothing_*']), all)
  expect(problems).toMatchObject([
    { code: 'database-unknown', message: 'The source has no database ap.', hint: 'Did you mean app?' },
    { code: 'database-unknown', message: 'The source has no database that matches nothing_*.' },
  ])
})

test('of many, some are named', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({ name: `shop_of_town_${n}`, isTemplate: false, allowConnections: true }))
  const [unknown] = selectDatabases(rules(['x']), many).problems
  expect(unknown?.hint).toMatch(/^It has 30, among them shop_of_town_0, .*shop_of_town_11\.$/)
})

test('a quoted name is no pattern', () => {
  const scope = { ...rules([]), includeDatabases: [{ text: 'app*', quoted: true }] }
  expect(selectDatabases(scope, all)).toMatchObject({ names: [], problems: [{ code: 'database-unknown' }] })
})
