import type { ScopeRules } from '../config/config.ts'
import type { Problem } from '../errors.ts'
import { isNamed, selectDatabases } from '../scope/databases.ts'
import type { LeftOut, Selection } from '../scope/scope-database.ts'
import { selectTables } from '../scope/selection.ts'
import type { ObservedCatalog, ObservedDatabase, ObservedPair } from './observed.ts'

type ScopeCatalog = Pick<ObservedCatalog, 'relations' | 'dependencies' | 'foreignKeys' | 'hasUserObjects'>

export interface DecidedScope {
  /** In the order of their names. One that we can't connect to has no selections. */
  readonly databases: ReadonlyMap<string, ReadonlyMap<number, Selection>>
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>
  readonly problems: readonly Problem[]
}

/** The databases and tables in scope. */
export function decideScope(
  rules: ScopeRules,
  pairs: readonly (Pick<ObservedPair, 'source'> & { readonly catalog: ScopeCatalog | null })[],
): DecidedScope {
  const candidates = selectDatabases(
    rules,
    pairs.map(({ source }) => source),
  )
  const inScope = pairs.filter((pair) => candidates.names.includes(pair.source.name) && !isIdlePostgres(rules, pair.source, pair.catalog))
  const names = inScope.map(({ source }) => source.name)
  const readable = inScope.flatMap(({ source, catalog }) => (catalog === null ? [] : [{ name: source.name, ...catalog }]))
  const others = pairs.map(({ source }) => source.name).filter((name) => !readable.some((one) => one.name === name))
  const scope = selectTables(rules, readable, others)
  const kept = names.filter((name) => scope.databases.has(name) || !readable.some((one) => one.name === name))
  return {
    databases: new Map(kept.map((name) => [name, scope.databases.get(name) ?? new Map()])),
    leftOut: scope.leftOut,
    problems: [...candidates.problems, ...scope.problems],
  }
}

/** Every server has a database `postgres`; most hold nothing. */
function isIdlePostgres(rules: ScopeRules, { name }: ObservedDatabase, catalog: ScopeCatalog | null): boolean {
  return name === 'postgres' && catalog !== null && !catalog.hasUserObjects && !isNamed(rules, name)
}
