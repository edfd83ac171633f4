import fc from 'fast-check'
import { stringify } from 'smol-toml'
import { expect, test } from 'vitest'
import { parseArguments } from '../../../src/arguments.ts'
import { commands } from '../../../src/config/config.ts'
import { type Given, type Parsed, parseConfig } from '../../../src/config/parse.ts'
import { inputNames } from '../../../src/config/schema.ts'
import { codes } from '../../../src/errors.ts'

const megabyte = 2 ** 20

const pieces = [
  ...["'", '"', '""', "'''", '"""', '$$', '$q$', '(', ')', '[', ']', '{', '}', '[[', ']]', '.', '..', ':', ',', ';', '=', '*', '?', '#'],
  ...['--', '/*', '*/', '\\', '\0', '\n', '\r\n', '\t', ' ', '\ufeff', '\ud800', '😀', '表', 'é', '\u202e', '__proto__', 'constructor'],
  ...[
    '; drop table t; --',
    'public',
    't',
    'db',
    'a.b.c',
    'id = 1',
    '6 months',
    '1.5 days',
    '-1',
    '99999999999999999999 years',
    '0',
    'true',
  ],
]
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((some) => some.join(''))
const text = fc.oneof({ weight: 12, arbitrary: soup }, { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) })
const rule = fc.oneof(
  text,
  fc.tuple(text, text).map(([one, two]) => `${one}:${two}`),
  fc
    .tuple(fc.constantFrom('t', 'a.t', 'd.a.t', '*', '"o d"."d'), text, fc.constantFrom('6 months', '1y', '5m', '-1 day', '1e9 s'))
    .map((all) => all.join(':')),
)
const value = fc.oneof({ weight: 8, arbitrary: rule }, { weight: 1, arbitrary: fc.constantFrom('refuse', '3', '1h', 'auto', 'off') })
const key = fc.oneof(fc.constantFrom(...inputNames), text)

const words = fc.array(
  fc.oneof(
    fc.tuple(key, value).map(([name, one]) => [`--${name}`, one]),
    fc.tuple(key, value).map(([name, one]) => [`--${name}=${one}`]),
    text.map((one) => [one]),
  ),
  { maxLength: 6 },
)

/** What an entry hands over, right and wrong. */
const values = fc.dictionary(key, fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.boolean(), fc.constantFrom('t', 'a.t, b')), {
  maxKeys: 2,
})

const leaf = fc.oneof(rule, fc.integer(), fc.boolean(), fc.double({ noNaN: true }), fc.array(rule, { maxLength: 4 }))
const entry = fc.dictionary(fc.oneof(fc.constantFrom('table', 'schema', 'where', 'column', 'last'), text), leaf, { maxKeys: 5 })
const section = fc.dictionary(
  fc.oneof(fc.constantFrom('include_tables', 'exclude_tables', 'schema_only', 'table_filters', 'time_filters'), text),
  fc.oneof(leaf, fc.array(entry, { maxLength: 3 })),
  { maxKeys: 4 },
)
const tables = fc
  .record({
    top: fc.dictionary(
      key.map((name) => name.replaceAll('-', '_')),
      leaf,
      { maxKeys: 5 },
    ),
    databases: fc.oneof({ weight: 5, arbitrary: fc.dictionary(text, section, { maxKeys: 3 }) }, { weight: 1, arbitrary: leaf }),
  })
  .map(({ top, databases }) => written({ ...top, databases }))
const file = fc.oneof(
  { weight: 5, arbitrary: tables },
  { weight: 2, arbitrary: fc.tuple(tables, fc.nat(), text).map(([one, place, piece]) => spoilt(one, place, piece)) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom('', '[databases.d]\nschema_only = ["a.t"]', 'exclude_tables = ["t", "*.u"]') },
)

test('ten thousand configurations: a clear answer to each, and at once', { timeout: 60_000 }, () => {
  let taken = 0
  fc.assert(
    fc.property(fc.constantFrom(...commands), values, file, (command, given, toml) => {
      const { seconds, parsed } = timed(() => configure(command, given, toml))
      expect(seconds).toBeLessThan(2)
      if (expectAnswer(parsed)) taken++
    }),
    { numRuns: 10_000 },
  )
  expect(taken).toBeGreaterThan(100)
})

test('a thousand command lines', () => {
  fc.assert(
    fc.property(fc.constantFrom(...commands), words, (command, given) => {
      const { seconds, parsed } = timed(() => parse([command, ...given.flat()], ''))
      expect(seconds).toBeLessThan(2)
      if (parsed !== undefined) expectAnswer(parsed)
    }),
    { numRuns: 1000 },
  )
})

test('what is huge or deep is answered at once, in few words', { timeout: 30_000 }, () => {
  const deep = (open: string, close: string, count: number) => `include_tables = ${open.repeat(count)}${close.repeat(count)}`
  const files = [
    ...[100, 1000, 100_000].flatMap((count) => [deep('[', ']', count), deep('[', '', count), deep('{a=', '}', count)]),
    `a${'.a'.repeat(50_000)} = 1`,
    `${'x'.repeat(megabyte)} = 1`,
    `jobs = "${'x'.repeat(megabyte)}"`,
    `include_tables = [${'"t",'.repeat(100_000)}]`,
    `include_tables = [${'"a..b",'.repeat(2000)}]`,
    '[[databases.d.table_filters]]\n'.repeat(2000),
    `[[databases.d.table_filters]]\ntable = "t"\nwhere = '''${"i = 1 or $$;'' -- \n".repeat(60_000)}'''`,
  ]
  for (const toml of files) {
    const { seconds, parsed } = timed(() => parse(['plan'], toml))
    expect(seconds, toml.slice(0, 40)).toBeLessThan(5)
    if (parsed !== undefined) expectAnswer(parsed)
  }
  // Whatever takes the square of its length takes minutes.
  for (const name of inputNames) {
    for (const piece of pieces) {
      const one = piece.repeat(Math.ceil(megabyte / 8 / piece.length))
      const { seconds, parsed } = timed(() => parse(['plan', `--${name}`, one], ''))
      expect(seconds, `${name} of many ${JSON.stringify(piece)}`).toBeLessThan(2)
      if (parsed !== undefined) expectAnswer(parsed)
    }
  }
})

/** As the command line does it; undefined: it only asks for help. */
function parse(argv: readonly string[], toml: string): Parsed | undefined {
  const found = parseArguments(argv)
  if (found.kind === 'print') return undefined
  const parsed = configure(found.command, found.values, toml)
  return found.problems.length === 0 ? parsed : { ...parsed, config: undefined, problems: [...found.problems, ...parsed.problems] }
}

function configure(command: string, given: Given['values'], toml: string): Parsed {
  const url = 'postgresql://u@h/d'
  const environment = { source: url, target: url }
  const entry = {
    command,
    values: given,
    environment,
    onRunner: false,
    onTerminal: false,
    spell: (name: string) => `--${name}`,
    account: 'me',
  }
  return parseConfig(entry, { name: 'f', text: toml })
}

/** Either a configuration or what is wrong, in words that fit on a screen; whether it's the former. */
function expectAnswer({ config, problems }: Parsed): boolean {
  expect(config === undefined).toBe(problems.length > 0)
  for (const { code, message, hint = '', position } of problems) {
    expect(codes).toContain(code)
    expect(message.trim()).not.toBe('')
    expect(message.length + hint.length).toBeLessThan(2500)
    if (position !== undefined) expect(Math.min(position.line, position.column)).toBeGreaterThan(0)
  }
  if (config === undefined) return false
  const { tableFilters, includeTables, excludeTables, schemaOnlyTables, timeFilters } = config.scope
  const references = [
    ...includeTables,
    ...excludeTables,
    ...schemaOnlyTables,
    ...[...tableFilters, ...timeFilters].map(({ table }) => table),
  ]
  for (const { parts } of references) {
    expect(parts.length).toBeLessThanOrEqual(3)
    for (const part of parts) expect(part.text !== '' && !part.text.includes('\0') && Buffer.byteLength(part.text) <= 63).toBe(true)
  }
  for (const { window } of timeFilters) expect(Number.isSafeInteger(window.count) && window.count > 0).toBe(true)
  for (const { predicate } of tableFilters) expect(predicate).not.toContain('\0')
  return true
}

function timed<T>(run: () => T): { readonly seconds: number; readonly parsed: T } {
  const began = performance.now()
  const parsed = run()
  return { parsed, seconds: (performance.now() - began) / 1000 }
}

/** As TOML, as far as it can be. */
function written(document: Record<string, unknown>): string {
  try {
    return stringify(document)
  } catch {
    return Object.keys(document).join(' = ')
  }
}

function spoilt(one: string, place: number, piece: string): string {
  const at = place % (one.length + 1)
  return one.slice(0, at) + piece + one.slice(at)
}
