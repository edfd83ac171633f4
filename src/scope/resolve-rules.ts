import type { ScopeRules, TableReference } from '../config/config.ts'
import { groupBy } from './group-by.ts'
import { isPattern } from './pattern.ts'
import { type Match, type Resolution, resolveTable } from './resolve-table.ts'
import type { Condition, ScopeDatabase } from './scope-database.ts'
import { wrongKind } from './wrong-kind.ts'

/** A rule of the user's with what it means in the databases that may be in scope. */
export interface ResolvedRule {
  readonly reference: TableReference
  readonly found: Resolution
}

export interface ResolvedFilter extends ResolvedRule {
  readonly condition: Condition
}

export interface ResolvedRules {
  readonly include: readonly ResolvedRule[]
  readonly exclude: readonly ResolvedRule[]
  readonly schemaOnly: readonly ResolvedRule[]
  readonly filters: readonly ResolvedFilter[]
}

const rowKinds: ReadonlySet<string> = new Set(['table', 'partitioned', 'materialized-view', 'foreign-table'])
const filterKinds: ReadonlySet<string> = new Set(['table', 'partitioned'])
const selectableKinds: ReadonlySet<string> = new Set([...rowKinds, 'view', 'sequence'])

/** All rules, where the entry's stand for the config file's of the same table. `others`: names of databases that aren't in scope anyway. */
export function resolveRules(rules: ScopeRules, databases: readonly ScopeDatabase[], others: readonly string[]): ResolvedRules {
  const resolver = (list: string, kinds: ReadonlySet<string>) => {
    const offered = offering(databases, kinds)
    return (reference: TableReference): ResolvedRule => {
      const found = resolveTable(reference, offered, others)
      if (found.problem?.code !== 'table-unknown') return { reference, found }
      const { matches } = resolveTable(reference, databases, others)
      return { reference, found: { ...found, problem: wrongKind(reference, list, matches, databases) ?? found.problem } }
    }
  }
  const filterable = resolver('a filter', filterKinds)
  return overridden(
    {
      include: rules.includeTables.map(resolver('include-tables', selectableKinds)),
      exclude: rules.excludeTables.map(resolver('exclude-tables', selectableKinds)),
      schemaOnly: rules.schemaOnlyTables.map(resolver('schema-only-tables', rowKinds)),
      filters: [
        ...rules.tableFilters.map(({ table, predicate }) => ({
          ...filterable(table),
          condition: { kind: 'predicate', predicate } as const,
        })),
        ...rules.timeFilters.map(({ table, column, window }) => ({
          ...filterable(table),
          condition: { kind: 'time', column, window } as const,
        })),
      ],
    },
    databases,
  )
}

/** A column's sequence comes and goes with its table, so no pattern means it. */
function offering(databases: readonly ScopeDatabase[], kinds: ReadonlySet<string>): ScopeDatabase[] {
  return databases.map((database) => {
    const owned = new Set(database.dependencies.filter(({ tie }) => tie === 'owned').map(({ oid }) => oid))
    return { ...database, relations: database.relations.filter(({ kind, oid }) => kinds.has(kind) && !owned.has(oid)) }
  })
}

/**
 * What the file says of a table's rows is void where the entry speaks of that table, be it of another kind. An exclusion in the file gives way only to
 * the table's own name, not to a pattern that happens to match it: what was to be left out must not come along by accident.
 */
function overridden(rules: ResolvedRules, databases: readonly ScopeDatabase[]): ResolvedRules {
  const { include, exclude, schemaOnly, filters } = rules
  const ofRows = [...schemaOnly, ...filters].filter(isOfEntry)
  const byName = [...include, ...ofRows].filter((one) => isOfEntry(one) && !one.reference.parts.some(isPattern))
  const spokenOf = withPartitions(
    [...ofRows, ...exclude.filter(isOfEntry)].flatMap(({ found }) => found.matches),
    databases,
  )
  const named = withPartitions(
    byName.flatMap(({ found }) => found.matches),
    databases,
  )
  return {
    include,
    exclude: exclude.map((one) => without(one, named)),
    schemaOnly: schemaOnly.map((one) => without(one, spokenOf)),
    filters: filters.map((one) => without(one, spokenOf)),
  }
}

function isOfEntry({ reference }: ResolvedRule): boolean {
  return reference.position === undefined
}

function without<Rule extends ResolvedRule>(rule: Rule, void_: ReadonlySet<string>): Rule {
  if (isOfEntry(rule)) return rule
  return { ...rule, found: { ...rule.found, matches: rule.found.matches.filter((one) => !void_.has(keyOf(one))) } }
}

/** A partitioned table means all its partitions. */
function withPartitions(matches: readonly Match[], databases: readonly ScopeDatabase[]): ReadonlySet<string> {
  const all = new Set(matches.map(keyOf))
  for (const { name: database, relations } of databases) {
    const children = groupBy(
      relations.filter(({ isPartition }) => isPartition),
      ({ parents }) => parents[0] ?? 0,
    )
    const pending = matches.filter((one) => one.database === database).map(({ oid }) => oid)
    for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
      for (const child of children.get(oid) ?? []) {
        all.add(keyOf({ database, oid: child.oid }))
        pending.push(child.oid)
      }
    }
  }
  return all
}

const keyOf = ({ database, oid }: Match) => `${oid} ${database}`
