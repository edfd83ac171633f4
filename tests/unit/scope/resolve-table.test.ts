import { expect, test } from 'vitest'
import { parseTableReference } from '../../../src/config/table-reference.ts'
import { resolveTable, type SelectableDatabase } from '../../../src/scope/resolve-table.ts'

const databases: readonly SelectableDatabase[] = [
  database('app', 'public.film', 'public.actor', 'sales.orders', 'sales.film', 'My Schema.t.able', 'both.orders'),
  database('both', 'public.orders', 'public.film'),
]

test.each([
  ['film', ['app public.film', 'both public.film']],
  ['app.film', ['app public.film']],
  ['sales.orders', ['app sales.orders']],
  ['sales.*', ['app sales.orders', 'app sales.film']],
  ['app.public.film', ['app public.film']],
  ['app.*.film', ['app public.film', 'app sales.film']],
  ['*.public.film', ['app public.film', 'both public.film']],
  ['*.orders', ['app sales.orders', 'app both.orders', 'both public.orders']],
  ['"My Schema"."t.able"', ['app My Schema.t.able']],
  ['app."My Schema"."t.able"', ['app My Schema.t.able']],
  ['*', ['app public.film', 'app public.actor', 'both public.orders', 'both public.film']],
  [
    '*.*',
    [
      'app public.film',
      'app public.actor',
      'app sales.orders',
      'app sales.film',
      'app My Schema.t.able',
      'app both.orders',
      'both public.orders',
      'both public.film',
    ],
  ],
])('%s means %j', (text, expected) => {
  const { matches, problem } = resolve(text)
  expect(problem).toBeNull()
  expect(matches).toEqual(expected)
})

test('what may be a schema or a database is ambiguous', () => {
  expect(resolve('both.orders').problem).toMatchObject({
    code: 'table-ambiguous',
    message: 'both.orders is both a table in schema both and one in schema public of database both.',
    hint: 'Write all three parts: app.both.orders or both.public.orders.',
  })
})

test.each([
  ['flim', 'table-unknown', 'Did you mean film?'],
  ['orders', 'table-unknown', undefined],
  ['able', 'table-unknown', 'One part means schema public; write schema.table for another one.'],
  ['sale.orders', 'table-unknown', 'Did you mean sales.orders or both.orders'],
  ['"film*"', 'table-unknown', 'Did you mean film?'],
  ['nothing_*', 'table-unknown', undefined],
  ['app.public.orders', 'table-unknown', undefined],
])('%s is %s', (text, code, hint) => {
  const { problem } = resolve(text, databases.slice(0, 1))
  expect(problem).toMatchObject({ code, ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }) })
})

test('names in hints can be given back: odd ones in quotes', () => {
  const odd = [database('od.d', 'od.d.t', 'S.a,b'), database('app', 'My Schema.*')]
  expect(resolve('"My Schema".b', odd).problem?.hint).toBe('Did you mean "My Schema"."*"?')
  expect(resolve('app.a', odd).problem?.hint).not.toContain('S.a,b')
})

test('a section speaks of its database alone', () => {
  expect(resolve('film', databases, 'app')).toMatchObject({ matches: ['app public.film'], names: ['app'] })
  expect(resolve('both.orders', databases, 'app')).toMatchObject({ matches: ['app both.orders'] })
  expect(resolve('film', databases, 'ap').problem).toMatchObject({ code: 'database-unknown', hint: 'Did you mean app?' })
})

test('a rule for a database out of scope is no mistake', () => {
  for (const text of ['other.public.t', 'other.t']) expect(resolve(text)).toMatchObject({ matches: [], names: ['other'], problem: null })
  expect(resolve('t', databases, 'other')).toMatchObject({ matches: [], names: ['other'], problem: null })
})

test('a mistake in the file is shown where it stands', () => {
  const position = { file: 'seren.toml', line: 3, column: 1 }
  const { problem } = resolveTable(parseTableReference('missing', { position }), databases, [])
  expect(problem).toMatchObject({ position })
})

function resolve(text: string, among = databases, section?: string) {
  const found = resolveTable(parseTableReference(text, section === undefined ? {} : { database: section }), among, ['other'])
  return {
    ...found,
    names: found.databases && [...found.databases],
    matches: found.matches.map(({ database: name, oid }) => `${name} ${nameOf(name, oid)}`),
  }
}

function nameOf(name: string, oid: number): string {
  const found = databases.find((one) => one.name === name)?.relations.find((one) => one.oid === oid)
  return `${found?.schema}.${found?.name}`
}

function database(name: string, ...tables: string[]): SelectableDatabase {
  return {
    name,
    relations: tables.map((table, index) => {
      const at = table.indexOf('.')
      return { oid: index + 1, schema: table.slice(0, at), name: table.slice(at + 1) }
    }),
  }
}
