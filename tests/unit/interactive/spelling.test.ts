import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NamePart, ScopeRules, TableReference } from '../../../src/config/config.ts'
import { type Given, parseConfig } from '../../../src/config/parse.ts'
import type { Chosen } from '../../../src/interactive/answers.ts'
import { chosenValues } from '../../../src/interactive/chosen-values.ts'
import { configText } from '../../../src/interactive/config-text.ts'
import { equivalentCommand } from '../../../src/interactive/equivalent-command.ts'
import { isWritable } from '../../../src/interactive/is-writable.ts'
import type { OfferedTable } from '../../../src/interactive/offer.ts'
import { shellWord } from '../../../src/interactive/shell-word.ts'
import { isPattern } from '../../../src/scope/pattern.ts'

/** Whatever PostgreSQL takes for a name, but for what isn't offered; most of it of characters that mean something to one of the grammars. */
const name = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...`"'\\.,:#*?=[]$ \t\r\x1b\x7f\x85\u202e\u2028aZ9_-жé`), minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom('__proto', 'constructor', 'orders', 'my-db', '1', 'true', ' lead', 'trail '),
  )
  .filter((text) => isWritable(text) && !text.includes('\0') && Buffer.byteLength(text) <= 63)

const table = fc.record({ oid: fc.nat(), schema: name, name, rows: fc.constant(0n), bytes: fc.constant(0n), dated: fc.constant([]) })
const window = fc.record({ count: fc.integer({ min: 1, max: 999 }), unit: fc.constantFrom('second', 'day', 'month', 'year') })
const chosen = fc.uniqueArray(
  fc.record({
    database: fc.record({ name, bytes: fc.constant(0n), tables: fc.constant([]) }),
    excluded: fc.array(table, { maxLength: 3 }),
    schemaOnly: fc.array(table, { maxLength: 3 }),
    limited: fc.array(fc.record({ table, column: name, window }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3, selector: ({ database }) => database.name },
) as fc.Arbitrary<Chosen[]>

test('as flags and as a file the same is said, and exactly what was chosen', () => {
  fc.assert(
    fc.property(chosen, (all) => {
      const flags = parseConfig(given(chosenValues(all)), undefined)
      const file = parseConfig(given({ config: 'seren.toml' }), { name: 'seren.toml', text: configText(all) })
      expect([flags.problems, file.problems]).toEqual([[], []])
      const { scope: fromFlags, ...options } = flags.config ?? {}
      const { scope: fromFile, ...sameOptions } = file.config ?? {}
      expect(sameOptions).toEqual(options)
      expect(meaning(fromFile)).toEqual(expected(all))
      expect(meaning(fromFlags)).toEqual(expected(all))
    }),
    { numRuns: 150 },
  )
})

test('no name reaches a terminal or a file as more than text', () => {
  fc.assert(
    fc.property(chosen, (all) => {
      const shown = equivalentCommand('plan', chosenValues(all)).join('\n')
      for (const text of [shown, configText(all)]) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2028\u2029]/u)
    }),
  )
})

test('a shell reads each word as it was', () => {
  const words = [...fc.sample(name, 500), '', '$HOME', '`id`', '~', '=ls', '-n', '!!', "it's \x1b and \\"]
  const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`
  const read = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } })
  expect(read.split('\0').slice(0, -1)).toEqual(words)
})

test('the command has the flags that were given, and no URL', () => {
  const url = 'postgresql://app:hunter2@db/shop'
  const values = {
    source: url,
    jobs: '4',
    'snapshot-only': true,
    'include-databases': ['shop'],
    'time-filters': ['shop.public.t:at:6 months'],
  }
  expect(equivalentCommand('init', values)).toEqual([
    'postgres-seren-replicator init \\',
    '  --source "$SEREN_SOURCE_URL" \\',
    '  --include-databases shop \\',
    "  --time-filters 'shop.public.t:at:6 months' \\",
    '  --snapshot-only \\',
    '  --jobs 4',
  ])
})

/** By its names alone, in any order: where and how each was written may differ. */
function meaning(scope: ScopeRules | undefined) {
  const literal = (part: NamePart | undefined) => (part === undefined || isPattern(part) ? `a pattern: ${part?.text}` : part.text)
  const path = ({ database, parts }: TableReference) => [...(database === undefined ? [] : [database]), ...parts.map(literal)]
  return {
    databases: scope?.includeDatabases.map(literal),
    excluded: sorted(scope?.excludeTables.map(path)),
    schemaOnly: sorted(scope?.schemaOnlyTables.map(path)),
    limited: sorted(scope?.timeFilters.map(({ table: one, column, window: last }) => [path(one), column, last])),
    others: [scope?.excludeDatabases, scope?.includeTables, scope?.tableFilters],
  }
}

function expected(all: readonly Chosen[]) {
  const paths = (key: 'excluded' | 'schemaOnly') => all.flatMap(({ database, [key]: tables }) => tables.map((one) => pathOf(database, one)))
  return {
    databases: all.map(({ database }) => database.name),
    excluded: sorted(paths('excluded')),
    schemaOnly: sorted(paths('schemaOnly')),
    limited: sorted(all.flatMap(({ database, limited }) => limited.map((one) => [pathOf(database, one.table), one.column, one.window]))),
    others: [[], [], []],
  }
}

function sorted(rules: readonly unknown[] = []): string[] {
  return rules.map((one) => JSON.stringify(one)).sort()
}

function pathOf(database: { readonly name: string }, table: OfferedTable): string[] {
  return [database.name, table.schema, table.name]
}

function given(values: Given['values']): Given {
  const url = 'postgresql://app@db/shop'
  const environment = { source: url, target: url }
  return { command: 'init', values, environment, onRunner: false, onTerminal: true, spell: (one) => `--${one}`, account: 'app' }
}
