import type { ScopeRules, TableReference } from '../config/config.ts'
import { type Problem, problem } from '../errors.ts'
import { isNamed } from './databases.ts'
import { decideRelations } from './decide-relations.ts'
import { isPattern } from './pattern.ts'
import { type Resolution, resolveTable } from './resolve-table.ts'
import type { Condition, LeftOut, RelationRules, ScopeDatabase, Selection } from './scope-database.ts'

export interface Scope {
  /** Of each database in scope, its relations by oid. */
  readonly databases: ReadonlyMap<string, ReadonlyMap<number, Selection>>
  /** Of each, what isn't there since it needs what isn't. */
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>
  readonly problems: readonly Problem[]
}

/**
 * What is to become of every relation. Table rules are resolved against all databases that may be in scope at once; those databases in which
 * nothing was included, and which nobody named, are left out. `others`: names of databases that aren't in scope anyway.
 */
export function selectTables(rules: ScopeRules, databases: readonly ScopeDatabase[], others: readonly string[]): Scope {
  const resolve = (reference: TableReference, kinds: ReadonlySet<string>) => resolveTable(reference, offering(databases, kinds), others)
  const include = rules.includeTables.map((one) => resolve(one, selectableKinds))
  const exclude = rules.excludeTables.map((one) => resolve(one, selectableKinds))
  const schemaOnly = rules.schemaOnlyTables.map((one) => resolve(one, rowKinds))
  const filters = [
    ...rules.tableFilters.map(({ table, predicate }) => ({
      condition: { kind: 'predicate', predicate } as const,
      found: resolve(table, filterKinds),
    })),
    ...rules.timeFilters.map(({ table, column, window }) => ({
      condition: { kind: 'time', column, window } as const,
      found: resolve(table, filterKinds),
    })),
  ]
  const demanded = [...rules.includeTables, ...rules.schemaOnlyTables].map((one) => !one.parts.some(isPattern))
  const named = [...include, ...schemaOnly].filter((_, index) => demanded[index])
  const kept = databases.filter(({ name }) => isKept(name, include, rules))
  const decided = kept.map((database) => {
    const applying = include.filter((one) => appliesTo(one, database.name))
    const relationRules: RelationRules = {
      included: applying.length === 0 ? null : oids(applying, database.name),
      demanded: oids(named, database.name),
      excluded: oids(exclude, database.name),
      schemaOnly: oids(schemaOnly, database.name),
      conditions: conditionsOf(filters, database.name),
    }
    return { name: database.name, ...decideRelations(database, relationRules), empty: relationRules.included?.size === 0 }
  })
  return {
    databases: new Map(decided.map(({ name, selections }) => [name, selections])),
    leftOut: new Map(decided.map(({ name, leftOut }) => [name, leftOut])),
    problems: [
      ...[...include, ...exclude, ...schemaOnly, ...filters.map(({ found }) => found)].flatMap((one) => one.problem ?? []),
      ...decided.flatMap((one) => one.problems),
      ...decided.filter(({ empty }) => empty).map(({ name }) => nothingIncluded(name)),
    ],
  }
}

const rowKinds: ReadonlySet<string> = new Set(['table', 'partitioned', 'materialized-view', 'foreign-table'])
const filterKinds: ReadonlySet<string> = new Set(['table', 'partitioned'])
const selectableKinds: ReadonlySet<string> = new Set([...rowKinds, 'view', 'sequence'])

/** A column's sequence comes and goes with its table, so no pattern means it. */
function offering(databases: readonly ScopeDatabase[], kinds: ReadonlySet<string>): ScopeDatabase[] {
  return databases.map((database) => {
    const owned = new Set(database.dependencies.filter(({ tie }) => tie === 'owned').map(({ oid }) => oid))
    return { ...database, relations: database.relations.filter(({ kind, oid }) => kinds.has(kind) && !owned.has(oid)) }
  })
}

/** A table named for one database doesn't pull other databases in. */
function isKept(database: string, include: readonly Resolution[], rules: ScopeRules): boolean {
  return include.length === 0 || isNamed(rules, database) || include.some(({ matches }) => matches.some((one) => one.database === database))
}

function appliesTo({ databases }: Resolution, database: string): boolean {
  return databases === null || databases.has(database)
}

function oids(resolutions: readonly Resolution[], database: string): Set<number> {
  return new Set(resolutions.flatMap(({ matches }) => matches.filter((one) => one.database === database).map(({ oid }) => oid)))
}

function conditionsOf(
  filters: readonly { readonly condition: Condition; readonly found: Resolution }[],
  database: string,
): Map<number, Condition[]> {
  const found = new Map<number, Condition[]>()
  for (const { condition, found: resolution } of filters) {
    for (const oid of oids([resolution], database)) found.set(oid, [...(found.get(oid) ?? []), condition])
  }
  return found
}

function nothingIncluded(database: string): Problem {
  return problem('nothing-selected', `Nothing of database ${database} is included: an empty selection isn't taken for all of it.`, {
    hint: 'Name tables of it in include-tables, or leave the database out.',
    database,
  })
}
