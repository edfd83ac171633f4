import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { parseFile } from '../../../src/config/parse-file.ts'
import type { Problem } from '../../../src/errors.ts'

/** What is said of a file: place, key, and the nearest key where there's one. */
const files: readonly (readonly [name: string, text: string, said: readonly string[]])[] = [
  [
    'line ends of Windows',
    'jobs = 2\r\nincluded_tables = ["a"]\r\n[databases.d]\r\nschema_onyl = ["x"]\r\n',
    ['2:1 included_tables is unknown → include_tables', '4:1 databases.d: schema_onyl is unknown → schema_only'],
  ],
  ['a mark of its encoding', '\ufeffjobs = "x"\n', ['1:1 jobs: expected a whole number from 1 to 64, not "x"']],
  ['tabs', '[databases.d]\n\tschema_only = [\n\t\t"ok",\n\t\t"a..b",\n\t]\n', ['4:3 databases.d.schema_only[2]: a..b has an empty part']],
  [
    'other scripts before the mistake',
    '[databases."дб"]\nschema_only = ["表", "a..b"]\n"键" = 1\n',
    ['2:21 databases.дб.schema_only[2]: a..b has an empty part', '3:1 databases.дб: 键 is unknown'],
  ],
  [
    'inline tables',
    'databases = { d = { table_filters = [ { table = "t", were = "x" }, { where = "y" } ], exclude = [] } }\n',
    [
      '1:39 databases.d.table_filters[1].where: it is missing',
      '1:54 databases.d.table_filters[1]: were is unknown → where',
      '1:68 databases.d.table_filters[2].table: it is missing',
      '1:87 databases.d: exclude is unknown → exclude_tables',
    ],
  ],
  [
    'arrays of tables, several mistakes in one',
    '[[databases.d.table_filters]]\ntable = "t"\nwhere = "x"\n[[databases.d.table_filters]]\ntable = "t.u.v"\nwhere = ""\n' +
      '[[databases.d.time_filters]]\ntable = "t"\nschema = "a.b"\ncolum = "c"\nlast = "6m"\n',
    [
      '5:1 databases.d.table_filters[2].table: the table name t.u.v has 3 parts, at most 2 make sense',
      '6:1 databases.d.table_filters[2].where: the predicate is empty',
      '7:3 databases.d.time_filters[1].column: it is missing',
      '9:1 databases.d.time_filters[1].schema: a.b is not the name of one schema',
      '10:1 databases.d.time_filters[1]: colum is unknown → column',
      '11:1 databases.d.time_filters[1].last: expected a window of time, not "6m"',
    ],
  ],
  ['a key twice', 'jobs = 1\njobs = 2\n', ['2:1 trying to redefine an already defined table or value']],
  ['a section twice', '[databases.d]\n[databases.d]\n', ['2:2 trying to redefine an already defined table or value']],
  [
    'wrong types',
    'jobs = [1]\nyes = 3\ninclude_tables = [1, "a", ["b"]]\nwait = 07:32:00\ndatabases = 3\n',
    [
      '1:1 jobs: expected text or a number',
      '2:1 yes: expected true or false or text',
      '3:19 include_tables[1]: expected text',
      '3:27 include_tables[3]: expected text',
      '4:1 wait: expected text or a number',
      '5:1 databases: expected a table',
    ],
  ],
  [
    'wrong types in sections',
    '[databases]\nd = 1\n[databases.e]\nschema_only = "x"\ntable_filters = { table = "t", where = "x" }\n[[databases.f]]\nx = 1\n',
    [
      '2:1 databases.d: expected a table',
      '4:1 databases.e.schema_only: expected a list',
      '5:1 databases.e.table_filters: expected a list',
      '6:3 databases.f: expected a table',
    ],
  ],
  [
    'names that JavaScript keeps for itself',
    '__proto__ = 1\n[databases.__proto__]\nschema_only = ["a"]\n[databases.constructor]\ntoString = 1\n',
    [
      '1:1 __proto__ is unknown',
      "2:2 databases.__proto__: a database of that name can't have a section",
      '5:1 databases.constructor: toString is unknown',
    ],
  ],
  [
    'dotted keys',
    'databases.d.schema_only = ["a", "b.c.d.e"]\ndatabases.d.foo.bar = 1\n',
    ['1:33 databases.d.schema_only[2]: the table name b.c.d.e has 4 parts, at most 2 make sense', '2:1 databases.d: foo is unknown'],
  ],
  [
    "a section's key at the top, and the other way round",
    'schema_only = ["x"]\n[databases.d]\nschema_only_tables = ["x"]\n',
    ['1:1 schema_only is unknown → schema_only_tables', '3:1 databases.d: schema_only_tables is unknown → schema_only'],
  ],
]

test.each(files)('%s', (_, text, said) => {
  const result = parseFile({ name: 'seren.toml', text })
  const problems: readonly Problem[] = Array.isArray(result) ? result : []
  const brief = problems.map(({ position, message, hint }) => {
    expect(position?.file).toBe('seren.toml')
    const near = /^Did you mean (.*)\?$/.exec(hint ?? '')?.[1]
    return `${position?.line}:${position?.column} ${message}${near === undefined ? '' : ` → ${near}`}`
  })
  expect(brief).toEqual(said)
})

test('a file that is not UTF-8 says so, and is not guessed at', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'config-'))
  try {
    await writeFile(join(folder, 'seren.toml'), Buffer.from('exclude_tables = ["gehe\xefm"]', 'latin1'))
    const url = 'postgresql://u@h/d'
    const environment = { source: url, target: url }
    const given = { command: 'plan', values: { config: 'seren.toml' }, environment, onRunner: false, onTerminal: false, account: 'me' }
    const { config, problems } = await loadConfig({ ...given, spell: (name) => `--${name}` }, folder)
    expect(config).toBeUndefined()
    expect(problems).toMatchObject([{ code: 'config-invalid', message: 'the config file seren.toml is not UTF-8' }])
  } finally {
    await rm(folder, { recursive: true })
  }
})
