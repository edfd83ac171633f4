import type { ScopeRules } from '../config/config.ts'
import { type Problem, problem } from '../errors.ts'
import { isNamed } from './databases.ts'
import { decideRelations } from './decide-relations.ts'
import { isPattern } from './pattern.ts'
import { type ResolvedFilter, type ResolvedRule, resolveRules } from './resolve-rules.ts'
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
  const { include, exclude, schemaOnly, filters } = resolveRules(rules, databases, others)
  const demanded = [...include, ...schemaOnly].filter(({ reference }) => !reference.parts.some(isPattern))
  const kept = databases.filter(({ name }) => isKept(name, include, rules))
  const decided = kept.map((database) => {
    const applying = include.filter((one) => appliesTo(one, database.name))
    const relationRules: RelationRules = {
      included: applying.length === 0 ? null : oids(applying, database.name),
      demanded: oids(demanded, database.name),
      excluded: oids(exclude, database.name),
      schemaOnly: oids(schemaOnly, database.name),
      conditions: conditionsOf(filters, database.name),
      followForeignKeys: rules.followForeignKeys,
    }
    return { name: database.name, ...decideRelations(database, relationRules), empty: relationRules.included?.size === 0 }
  })
  return {
    databases: new Map(decided.map(({ name, selections }) => [name, selections])),
    leftOut: new Map(decided.map(({ name, leftOut }) => [name, leftOut])),
    problems: [
      ...[...include, ...exclude, ...schemaOnly, ...filters].flatMap(({ found }) => found.problem ?? []),
      ...decided.flatMap((one) => one.problems),
      ...decided.filter(({ empty }) => empty).map(({ name }) => nothingIncluded(name)),
    ],
  }
}

/** A table named for one database doesn't pull other databases in. */
function isKept(database: string, include: readonly ResolvedRule[], rules: ScopeRules): boolean {
  return include.length === 0 || isNamed(rules, database) || oids(include, database).size > 0
}

function appliesTo({ found: { databases } }: ResolvedRule, database: string): boolean {
  return databases === null || databases.has(database)
}

function oids(rules: readonly ResolvedRule[], database: string): Set<number> {
  return new Set(rules.flatMap(({ found }) => found.matches.filter((one) => one.database === database).map(({ oid }) => oid)))
}

function conditionsOf(filters: readonly ResolvedFilter[], database: string): Map<number, Condition[]> {
  const found = new Map<number, Condition[]>()
  for (const filter of filters) {
    for (const oid of oids([filter], database)) found.set(oid, [...(found.get(oid) ?? []), filter.condition])
  }
  return found
}

function nothingIncluded(database: string): Problem {
  return problem('nothing-selected', `Nothing of database ${database} is included: an empty selection isn't taken for all of it.`, {
    hint: 'Name tables of it in include-tables, or leave the database out.',
    database,
  })
}
