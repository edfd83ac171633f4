import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { type Given, parseConfig } from '../../src/config/parse.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { engineConfig, runConfig } from '../support/engine.ts'
import { query } from '../support/query.ts'

/** Each could be taken for a pattern, or for a part, of another one. */
const names = [
  't',
  'T',
  't*',
  't?',
  'tx',
  't$',
  't.able',
  't|T',
  '(t)',
  '[t]',
  '^t$',
  'a"b',
  'a\\b',
  'a b',
  'a\nb',
  'Größe',
  '表',
  '--',
  "it's",
  'x'.repeat(63),
]
const schemas = ['public', 'My Schema', 'my.schema', '*']

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** As in a list of tables: all quoted, so that nothing means more than itself. */
const written = (schema: string, name: string) => `${quoted(schema)}.${quoted(name)}`

test('any name means itself alone, by flag, by file, and to pg_dump: two databases with the same tables in several schemas', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true, createTarget: false, exactName: 'one "db"' })
  await query(pair.source.server.url(), 'create database "Two.db"')
  const urls = [pair.source.url, pair.source.server.url('Two.db')]
  for (const url of urls) {
    for (const schema of schemas) {
      const tables = names.map(
        (name) => `create table ${written(schema, name)} (id int primary key); insert into ${written(schema, name)} values (1), (2), (3)`,
      )
      await query(url, `create schema if not exists ${quoted(schema)}; ${tables.join(';\n')}`)
    }
  }
  // A quarter of the names excluded, one without rows, one filtered, one whole: in either database other ones, and in no other schema.
  const excluded = [inOneLine(0), every(1)]
  const empty = [inOneLine(1), every(2)]
  const filtered = [inOneLine(2), every(0)]
  const flags = {
    'exclude-tables': excluded[0]?.map((name) => `"one ""db""".${written('My Schema', name)}`),
    'schema-only-tables': empty[0]?.map((name) => `"one ""db""".${written('My Schema', name)}`),
    'table-filters': filtered[0]?.map((name) => `"one ""db""".${written('My Schema', name)}:id < 3`),
  }
  const file = `
    [databases."Two.db"]
    exclude_tables = ${JSON.stringify(excluded[1]?.map((name) => written('*', name)))}
    schema_only = ${JSON.stringify(empty[1]?.map((name) => written('*', name)))}
    ${filtered[1]?.map((name) => `[[databases."Two.db".table_filters]]\n table = ${JSON.stringify(written('*', name))}\n where = "id < 3"`).join('\n')}`
  const config = parsed(pair, flags, file)
  expect((await runConfig('init', config)).result).toMatchObject({ problems: [], outcome: 'done' })
  expect((await runConfig('verify', { ...config, command: 'verify' })).result).toMatchObject({ problems: [], outcome: 'done' })
  for (const [number, chosen] of ['My Schema', '*'].entries()) {
    const expected = schemas.flatMap((schema) =>
      names.flatMap((name) => {
        const is = (list: readonly (readonly string[])[]) => schema === chosen && list[number]?.includes(name)
        return is(excluded) ? [] : [[schema, name, is(empty) ? 0 : is(filtered) ? 2 : 3]]
      }),
    )
    expect(await counts(pair.target.server.url(number === 0 ? 'one "db"' : 'Two.db'))).toEqual(
      expected.map((one) => JSON.stringify(one)).toSorted(),
    )
  }
})

/** A list of an input has a rule on each line. */
const inOneLine = (rest: number) => every(rest).filter((name) => !name.includes('\n'))
const every = (rest: number) => names.filter((_, index) => index % 4 === rest)

async function counts(url: string): Promise<string[]> {
  const tables = await query<{ schema: string; name: string }>(
    url,
    `select nspname as schema, relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'r' and nspname !~ '^(pg_|information_schema|seren_)'`,
  )
  const found = tables.map(async ({ schema, name }) => [schema, name, (await query(url, `select from ${written(schema, name)}`)).length])
  return (await Promise.all(found)).map((one) => JSON.stringify(one)).toSorted()
}

function parsed(pair: DatabasePair, values: Given['values'] | object, text: string): Config {
  const given: Given = {
    command: 'init',
    values: { ...values, 'include-databases': ['"one ""db"""', 'Two.db'] } as Given['values'],
    environment: { source: pair.source.url, target: pair.target.url },
    onRunner: false,
    onTerminal: false,
    spell: (name) => `--${name}`,
    account: 'postgres',
  }
  const { config, problems } = parseConfig(given, { name: 'odd.toml', text })
  expect(problems).toEqual([])
  return { ...engineConfig(pair, { snapshotOnly: true }), scope: config?.scope ?? engineConfig(pair).scope }
}
