import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'
import { qualified } from '../sql/identifier.ts'

/** One list of databases and of their tables, with what each command found of them. */
export function mergeDatabases(results: readonly Pick<CommandResult, 'databases'>[]): DatabaseResult[] {
  const merged = new Map<string, DatabaseResult>()
  for (const database of results.flatMap(({ databases }) => databases)) {
    const before = merged.get(database.name)
    merged.set(database.name, { ...before, ...database, tables: mergeTables(before?.tables ?? [], database.tables) })
  }
  return [...merged.values()]
}

function mergeTables(before: readonly TableResult[], after: readonly TableResult[]): TableResult[] {
  const merged = new Map(before.map((table) => [qualified(table), table]))
  for (const table of after) merged.set(qualified(table), { ...merged.get(qualified(table)), ...table })
  return [...merged.values()]
}
