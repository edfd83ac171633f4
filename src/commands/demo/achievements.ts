import type { CommandResult, DatabaseResult } from '../../plan/results.ts'

/** What was done, in a few lines, all of it taken from the results. */
export function achievements(results: readonly CommandResult[]): string[] {
  const init = results.find(({ command }) => command === 'init')
  const verify = results.find(({ command }) => command === 'verify')
  if (init === undefined || verify === undefined) return []
  const copied = init.databases.flatMap(({ tables }) => tables).filter(({ copiedRows }) => copiedRows !== undefined)
  const rows = copied.reduce((sum, { copiedRows = 0n }) => sum + copiedRows, 0n)
  const equal = verify.databases.flatMap(({ tables }) => tables).filter(({ verify: one }) => one?.result === 'equal')
  const posters = verify.databases.reduce((sum, { largeObjects }) => sum + (largeObjects?.verify === 'equal' ? largeObjects.count : 0n), 0n)
  const seconds = (init.finishedAt.getTime() - init.startedAt.getTime()) / 1000
  return [
    `\nA database moved from PostgreSQL ${init.source?.version} to ${init.target?.version} in ${seconds.toFixed(1)} s: ${count(rows)} rows of ${count(copied.length)} tables, with indexes, foreign keys,`,
    'triggers, policies, materialized views, large objects, owners, grants, default privileges, roles and their settings.',
    `Then ${count(equal.length)} tables and ${count(posters)} large objects were compared, every row of both sides, and every definition of the shop: nothing differs.`,
    'The source was only read, and by an ordinary role that owns its tables: nobody had to be superuser there.',
  ]
}

/** One list of tables with what each command found of them. */
export function mergeDatabases(results: readonly CommandResult[]): DatabaseResult[] {
  const merged = new Map<string, DatabaseResult>()
  for (const database of results.flatMap(({ databases }) => databases)) {
    const before = merged.get(database.name)
    const tables = database.tables.map((table) => ({
      ...before?.tables.find(({ schema, name }) => schema === table.schema && name === table.name),
      ...table,
    }))
    merged.set(database.name, { ...before, ...database, tables })
  }
  return [...merged.values()]
}

function count(number: bigint | number): string {
  return number.toLocaleString('en-US')
}
