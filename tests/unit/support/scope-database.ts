import type { ScopeRules } from '../../../src/config/config.ts'
import { parseTableReference } from '../../../src/config/table-reference.ts'
import type { ScopeDatabase, ScopeDependency, ScopeForeignKey, ScopeRelation } from '../../../src/scope/scope-database.ts'
import { selectTables } from '../../../src/scope/selection.ts'
import { config } from './config.ts'

export interface Given {
  readonly databases?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly schemaOnly?: readonly string[]
  readonly filters?: readonly (readonly [string, string])[]
  readonly follow?: boolean
}

export function select(databases: readonly ScopeDatabase[], given: Given) {
  const references = (texts: readonly string[] = []) => texts.map((text) => parseTableReference(text))
  const rules: ScopeRules = {
    ...config().scope,
    includeDatabases: (given.databases ?? []).map((text) => ({ text, quoted: false })),
    includeTables: references(given.include),
    excludeTables: references(given.exclude),
    schemaOnlyTables: references(given.schemaOnly),
    followForeignKeys: given.follow ?? false,
    tableFilters: (given.filters ?? []).map(([table, predicate]) => ({ table: parseTableReference(table), predicate })),
  }
  const scope = selectTables(rules, databases, [])
  const [first] = databases
  const selections = scope.databases.get(first?.name ?? '') ?? new Map()
  const named = new Map(first?.relations.map(({ oid, name }) => [oid, name]))
  return {
    scope,
    selections,
    databases: [...scope.databases.keys()],
    problems: scope.problems,
    leftOut: (scope.leftOut.get(first?.name ?? '') ?? []).map(({ description, needs }) => `${description} needs ${needs}`),
    rules: Object.fromEntries([...selections].map(([oid, { rule }]) => [named.get(oid), rule])),
  }
}

export function film(name = 'app'): ScopeDatabase {
  return {
    name,
    relations: [
      relation(1, 'film'),
      relation(2, 'actor'),
      relation(3, 'titles', { kind: 'view' }),
      relation(4, 'film_id_seq', { kind: 'sequence' }),
    ],
    dependencies: [
      needs(1, 'pg_class', 3, 'view public.titles'),
      { ...needs(1, 'pg_class', 4, 'sequence public.film_id_seq'), tie: 'owned' },
    ],
    foreignKeys: [],
  }
}

export function logs(name = 'app'): ScopeDatabase {
  const partition = { isPartition: true }
  return {
    name,
    relations: [
      relation(1, 'logs', { kind: 'partitioned' }),
      relation(2, 'y2024', { kind: 'partitioned', parents: [1], ...partition }),
      relation(3, 'm2024_01', { parents: [2], ...partition }),
      relation(4, 'y2025', { parents: [1], ...partition }),
    ],
    dependencies: [],
    foreignKeys: [],
  }
}

export function relation(oid: number, name: string, overrides: Partial<ScopeRelation> = {}): ScopeRelation {
  return { oid, schema: 'public', name, kind: 'table', parents: [], isPartition: false, partOf: null, extensionData: null, ...overrides }
}

export function needs(on: number, catalog: string, oid: number, description: string, onCatalog = 'pg_class'): ScopeDependency {
  const address = `${onCatalog}/${on}`
  const relation = catalog === 'pg_class' ? oid : null
  return { on: address, needs: address, catalog, catalogOid: 0, oid, relation, description, tie: 'loose' }
}

export function key(childOid: number, parentOid: number): ScopeForeignKey {
  return { name: 'fk', childOid, parentOid }
}
