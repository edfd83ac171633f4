import type { ScopeRules } from '../../src/config/config.ts'
import { parseTableReference } from '../../src/config/table-reference.ts'
import { config } from '../unit/support/config.ts'
import type { DatabasePair } from './database-pair.ts'

export interface Selecting {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly schemaOnly?: readonly string[]
  readonly filters?: readonly (readonly [table: string, predicate: string])[]
  readonly follow?: boolean
}

/** Table rules as they're written on a command line, for the pair's database alone. */
export function selecting(
  { source }: DatabasePair,
  { include = [], exclude = [], schemaOnly = [], filters = [], follow = false }: Selecting,
): ScopeRules {
  const references = (texts: readonly string[]) => texts.map((text) => parseTableReference(text))
  return {
    ...config().scope,
    includeDatabases: [{ text: source.name, quoted: true }],
    includeTables: references(include),
    excludeTables: references(exclude),
    schemaOnlyTables: references(schemaOnly),
    followForeignKeys: follow,
    tableFilters: filters.map(([table, predicate]) => ({ table: parseTableReference(table), predicate })),
  }
}
