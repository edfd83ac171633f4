import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Given, parseConfig } from '../../../src/config/parse.ts'
import type { ScopeDatabase, ScopeRelation, Selection } from '../../../src/scope/scope-database.ts'
import { selectTables } from '../../../src/scope/selection.ts'

type Flags = Readonly<Record<string, readonly string[]>>

describe("a flag stands for the file's rule of the same table, of whatever kind", () => {
  test.each<[flags: Flags, file: string, orders: string]>([
    [{}, `[[databases.app.table_filters]]\ntable = "orders"\nwhere = "file"`, 'filtered file'],
    [{ 'table-filters': ['orders: flag'] }, `[[databases.app.table_filters]]\ntable = "orders"\nwhere = "file"`, 'filtered flag'],
    [{ 'table-filters': ['orders: flag'] }, `table_filters = ["orders: file"]`, 'filtered flag'],
    [{ 'table-filters': ['app.orders: a', 'public.orders: b'] }, `table_filters = ["orders: file"]`, 'filtered a and b'],
    [
      { 'table-filters': ['orders: flag'] },
      `[[databases.app.time_filters]]\ntable = "orders"\ncolumn = "at"\nlast = "1 day"`,
      'filtered flag',
    ],
    [{ 'table-filters': ['orders: flag'] }, `[databases.app]\nschema_only = ["orders"]`, 'filtered flag'],
    [{ 'table-filters': ['orders: flag'] }, `[databases.app]\nexclude_tables = ["orders"]`, 'filtered flag'],
    [{ 'time-filters': ['app.public.orders:at:1 day'] }, `table_filters = ["orders: file"]`, 'filtered at 1 day'],
    [{ 'time-filters': ['orders:at:1 day'] }, `time_filters = ["orders:at:2 weeks"]`, 'filtered at 1 day'],
    [{ 'schema-only-tables': ['orders'] }, `table_filters = ["orders: file"]`, 'schema-only'],
    [{ 'schema-only-tables': ['ord*'] }, `table_filters = ["o*s: file"]`, 'schema-only'],
    [{ 'schema-only-tables': ['orders'] }, `exclude_tables = ["orders"]`, 'schema-only'],
    [{ 'exclude-tables': ['orders'] }, `table_filters = ["orders: file"]`, 'excluded'],
    [{ 'exclude-tables': ['orders'] }, `include_tables = ["orders", "users"]`, 'excluded'],
    [{ 'include-tables': ['orders'] }, `exclude_tables = ["orders"]`, 'full'],
    [{ 'include-tables': ['orders'] }, `table_filters = ["orders: file"]`, 'filtered file'],
    // A pattern names nobody: what the file leaves out stays out.
    [{ 'include-tables': ['*'] }, `exclude_tables = ["orders"]`, 'excluded'],
    [{ 'table-filters': ['o*: flag'] }, `[databases.app]\nexclude_tables = ["orders"]`, 'excluded'],
  ])('%j over %j', (flags, file, orders) => {
    const { problems, rules } = select(flags, file)
    expect(problems).toEqual([])
    expect(rules['app public.orders']).toBe(orders)
  })
})

test("the file's other rules stay", () => {
  const file = `table_filters = ["orders: file", "users: file"]\nexclude_tables = ["sales.*"]\n[databases.app]\nschema_only = ["logs"]`
  const expected = { 'app public.users': 'filtered file', 'app sales.orders': 'excluded', 'app public.logs': 'schema-only' }
  for (const flags of [{ 'table-filters': ['orders: flag'] }, { 'schema-only-tables': ['orders'] }, { 'exclude-tables': ['orders'] }])
    expect(select(flags, file).rules).toMatchObject(expected)
})

test('the same name in another schema or database is another table', () => {
  const file = `table_filters = ["*.*.orders: file"]`
  expect(select({ 'table-filters': ['app.sales.orders: flag'] }, file, ['app', 'other']).rules).toMatchObject({
    'app public.orders': 'filtered file',
    'app sales.orders': 'filtered flag',
    'other public.orders': 'filtered file',
    'other sales.orders': 'filtered file',
  })
})

test('a rule for a partitioned table speaks of its partitions; one for a partition, of that alone', () => {
  const file = `[[databases.app.table_filters]]\ntable = "y2024"\nwhere = "file"`
  expect(select({ 'schema-only-tables': ['logs'] }, file)).toMatchObject({
    problems: [],
    rules: { 'app public.logs': 'schema-only', 'app public.y2024': 'schema-only', 'app public.y2025': 'schema-only' },
  })
  expect(select({ 'table-filters': ['logs: flag'] }, file).rules).toMatchObject({ 'app public.y2024': 'filtered flag' })
  const whole = `[[databases.app.table_filters]]\ntable = "logs"\nwhere = "file"`
  expect(select({ 'schema-only-tables': ['y2024'] }, whole)).toMatchObject({
    problems: [],
    rules: { 'app public.y2024': 'schema-only', 'app public.y2025': 'filtered file' },
  })
})

test('two rules of one place that contradict each other are a mistake', () => {
  for (const [flags, file] of [
    [{ 'schema-only-tables': ['orders'], 'table-filters': ['orders: flag'] }, ''],
    [{}, `schema_only_tables = ["orders"]\ntable_filters = ["orders: file"]`],
  ] as const)
    expect(select(flags, file).problems).toMatchObject([{ code: 'filter-invalid', relation: '"public"."orders"' }])
})

test("rules at the file's top have their line, each of several in one item too", () => {
  const file = `include_databases = ["app", "nope"]\nexclude_tables = [\n  "logs, missing",\n]\ntable_filters = """\nusers: a\nuser: b"""\n`
  expect(select({}, file).problems.map(({ code, position }) => [code, position?.line, position?.column])).toEqual([
    ['table-unknown', 3, 3],
    ['table-unknown', 5, 1],
  ])
})

test('whatever the rules are: what a flag speaks of is as without the file, all else as without the flags', () => {
  const table = fc.constantFrom('public.users', 'public.orders', 'sales.orders', 'public.loose')
  const rule = fc.tuple(fc.constantFrom('schema-only-tables', 'table-filters', 'time-filters'), table)
  const spelled = (kind: string, name: string, by: string) =>
    kind === 'table-filters' ? `app.${name}: ${by}` : kind === 'time-filters' ? `app.${name}:${by}:1 day` : `app.${name}`
  const flagsOf = (rules: readonly (readonly [string, string])[]) => {
    const flags: Record<string, string[]> = {}
    for (const [kind, name] of rules) (flags[kind] ??= []).push(spelled(kind, name, 'flag'))
    return flags
  }
  const fileOf = (rules: readonly (readonly [string, string])[]) =>
    ['schema-only-tables', 'table-filters', 'time-filters']
      .map((kind) => {
        const items = rules.filter(([one]) => one === kind).map(([, name]) => JSON.stringify(spelled(kind, name, 'file')))
        return items.length === 0 ? '' : `${kind.replaceAll('-', '_')} = [${items.join(', ')}]`
      })
      .join('\n')
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), fc.array(rule, { maxLength: 4 }), (flags, file) => {
      const both = select(flagsOf(flags), fileOf(file)).rules
      const flagsAlone = select(flagsOf(flags), '').rules
      const fileAlone = select({}, fileOf(file)).rules
      for (const name of Object.keys(both)) {
        const spoken = flags.some(([, one]) => `app ${one}` === name)
        expect(both[name], name).toBe(spoken ? flagsAlone[name] : fileAlone[name])
      }
    }),
    { numRuns: 300 },
  )
})

/** What the flags and the file make of tables, as the entries and the planner do it. */
function select(flags: Flags, text: string, names: readonly string[] = ['app']) {
  const url = 'postgresql://u@h/d'
  const given: Given = {
    command: 'plan',
    values: flags,
    environment: { source: url, target: url },
    onRunner: false,
    onTerminal: false,
    spell: (name) => `--${name}`,
    account: 'me',
  }
  const parsed = parseConfig(given, { name: 'conf.toml', text })
  expect(parsed.problems).toEqual([])
  if (parsed.config === undefined) throw new Error('there is no config')
  const databases = names.map(database)
  const scope = selectTables(parsed.config.scope, databases, [])
  const rules = databases.flatMap(({ name, relations }) =>
    relations.map((one) => [`${name} ${one.schema}.${one.name}`, words(scope.databases.get(name)?.get(one.oid))] as const),
  )
  return { problems: scope.problems, rules: Object.fromEntries(rules) }
}

function words(selection: Selection | undefined): string {
  if (selection?.rule !== 'filtered') return selection?.rule ?? 'none'
  const conditions = selection.conditions.map((one) =>
    one.kind === 'predicate' ? one.predicate : `${one.column} ${one.window.count} ${one.window.unit}`,
  )
  return `filtered ${conditions.join(' and ')}`
}

function database(name: string): ScopeDatabase {
  const relation = (oid: number, schema: string, table: string, more: Partial<ScopeRelation> = {}): ScopeRelation => {
    return { oid, schema, name: table, kind: 'table', parents: [], isPartition: false, partOf: null, extensionData: null, ...more }
  }
  return {
    name,
    relations: [
      relation(1, 'public', 'users'),
      relation(2, 'public', 'orders'),
      relation(3, 'sales', 'orders'),
      relation(4, 'public', 'logs', { kind: 'partitioned' }),
      relation(5, 'public', 'y2024', { parents: [4], isPartition: true }),
      relation(6, 'public', 'y2025', { parents: [4], isPartition: true }),
      relation(7, 'public', 'loose'),
    ],
    dependencies: [],
    foreignKeys: [],
  }
}
