import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import type { ObservedColumn } from '../observed.ts'
import { majorOf } from '../server-version.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames, relationsInScope } from './scoped.ts'

interface ColumnFeature {
  readonly since: number
  readonly name: string
  readonly used: (column: ObservedColumn) => boolean
}

/** What a column may need of its server, by the major that brought it. https://www.postgresql.org/docs/release/ */
const columnFeatures: readonly ColumnFeature[] = [
  { since: 13, name: 'type xid8', used: ofType(/^xid8\b/) },
  { since: 13, name: 'type pg_snapshot', used: ofType(/^pg_snapshot\b/) },
  { since: 14, name: 'multirange types', used: ofType(/^(int4|int8|num|ts|tstz|date)multirange\b/) },
  { since: 18, name: 'virtual generated columns', used: (column) => column.generated === 'v' },
]

/** What the older server can't take. A table that can't be created loses its rows, so these are problems; settings are not. */
export function targetFeatures(input: RuleInput): (Problem | Warning)[] {
  if (majorOf(input.observed.target) >= majorOf(input.observed.source)) return []
  return [...columns(input), ...definitions(input), ...localeProviders(input), ...settings(input)]
}

function columns(input: RuleInput): Problem[] {
  const target = majorOf(input.observed.target)
  const tables = relationsInScope(input, 'table', 'partitioned')
  return columnFeatures.flatMap(({ since, name, used }) => {
    if (target >= since) return []
    const using = tables.filter(({ relation }) => relation.columns.some(used))
    if (using.length === 0) return []
    return problem('feature-unsupported', `${counted(using.length, 'table')} with ${name}: ${listed(relationNames(input, using))}.`, {
      hint: `PostgreSQL ${since} brought them, the target is ${target}. Leave the tables out with exclude-tables, or choose a newer target.`,
      ...place(using),
    })
  })
}

/** Found out late, they cost the whole copy: constraints and indexes come after the rows. */
function definitions({ observed, databases }: RuleInput): Problem[] {
  const target = majorOf(observed.target)
  return databases.flatMap(({ pair, tables, leftOut }) => {
    const left = new Set(leftOut.map(({ description }) => description))
    const excluded = new Set(tables.filter(({ rule }) => rule === 'excluded').map(({ relation }) => relation.oid))
    const found = (pair.catalog?.newerObjects ?? []).filter(
      ({ since, relation, object }) => since > target && (relation === null || !excluded.has(relation)) && !left.has(object),
    )
    if (found.length === 0) return []
    const objects = found.map(({ object, feature, since }) => `${object} (${feature}, PostgreSQL ${since})`)
    return problem(
      'feature-unsupported',
      `${spelled(pair.source.name)}: the target can't define ${counted(found.length, 'object')}: ${listed(objects)}.`,
      {
        hint: 'Choose a newer target, drop or change them on the source, or leave out the tables with exclude-tables.',
        database: pair.source.name,
      },
    )
  })
}

function localeProviders({ observed, databases }: RuleInput): Problem[] {
  const target = majorOf(observed.target)
  return databases
    .filter(({ action }) => action === 'create' || action === 'recreate')
    .flatMap(({ pair: { source } }) => {
      const since =
        source.localeProvider === 'b' ? builtinSince(source.locale) : source.localeProvider === 'i' ? icuSince(source.icuRules) : 0
      if (target >= since) return []
      const provider = source.localeProvider === 'b' ? 'builtin' : 'ICU'
      return problem(
        'feature-unsupported',
        `Database ${spelled(source.name)} has the ${provider} locale ${source.locale}, which needs PostgreSQL ${since}.`,
        {
          hint: `The target is ${target}. Create the database there yourself, with a libc locale; it's then filled as it is.`,
          database: source.name,
        },
      )
    })
}

function builtinSince(locale: string | null): number {
  return locale === 'PG_UNICODE_FAST' ? 18 : 17
}

function icuSince(rules: string | null): number {
  return rules === null ? 15 : 16
}

function settings({ observed: { source, target }, databases }: RuleInput): Warning[] {
  // A name with a dot belongs to an extension, and any server keeps it.
  const unknown = (name: string) => !name.includes('.') && source.settings.has(name) && !target.settings.has(name)
  const set = databases.flatMap(({ pair }) => pair.source.settings.map(({ name }) => name))
  const names = [...new Set([...set, ...source.roles.flatMap((role) => role.settings.map(({ name }) => name))])].filter(unknown).sort()
  if (names.length === 0) return []
  return [
    warning('feature-unsupported', `The target doesn't know settings that databases or roles have: ${listed(names)}.`, {
      hint: 'They are left out; everything else of the databases and roles comes along.',
    }),
  ]
}

function ofType(pattern: RegExp): (column: ObservedColumn) => boolean {
  return ({ type }) => pattern.test(type)
}
