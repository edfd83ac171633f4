import type { CommandResult, DatabaseResult, TableResult } from '../plan/results.ts'

export interface Located {
  readonly database: DatabaseResult
  readonly table: TableResult
}

export function allTables({ databases }: Pick<CommandResult, 'databases'>): Located[] {
  return databases.flatMap((database) => database.tables.map((table) => ({ database, table })))
}

/** What its rows take on disk; indexes are made anew and don't travel. */
export function dataBytes({ heapBytes, toastBytes }: TableResult): bigint {
  return heapBytes + toastBytes
}

/** Whether its rows are to be copied by us. */
export function isCopied({ rule, tableSync }: TableResult): boolean {
  return (rule === 'copy' || rule === 'filtered') && tableSync !== true
}

/** The rows of its partitions are theirs: it holds none. */
export function isCounted(table: TableResult): boolean {
  return table.rule !== 'empty'
}

export function sum(values: Iterable<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}

export interface Totals {
  readonly tables: number
  readonly copiedTables: number
  readonly failedTables: number
  readonly resumedTables: number
  readonly copiedRows: bigint
  readonly copiedBytes: bigint
  /** To be copied, by the plan. */
  readonly plannedBytes: bigint
  readonly remainingTables: number
  /** Whose changes arrive. */
  readonly followedTables: number
  readonly verified: number
  readonly different: number
  readonly skipped: number
  readonly schemaDifferences: number
}

export function totalsOf(result: Pick<CommandResult, 'databases'>): Totals {
  const tables = allTables(result).map(({ table }) => table)
  const toCopy = tables.filter(isCopied)
  // Tables of a copy that was complete have no count of this run.
  const copied = toCopy.filter(
    ({ copiedRows, resumed, failure }) => (copiedRows !== undefined || resumed === true) && failure === undefined,
  )
  const verifications = tables.filter(isCounted).flatMap(({ verify }) => (verify === undefined ? [] : [verify.result]))
  return {
    tables: tables.filter((table) => isCounted(table) && table.rule !== 'excluded').length,
    copiedTables: copied.length,
    failedTables: tables.filter(({ failure }) => failure !== undefined).length,
    resumedTables: copied.filter(({ resumed }) => resumed === true).length,
    copiedRows: sum(copied.map(({ copiedRows }) => copiedRows ?? 0n)),
    copiedBytes: sum(copied.map(({ copiedBytes }) => copiedBytes ?? 0n)),
    plannedBytes: sum(toCopy.map(dataBytes)),
    remainingTables: toCopy.length - copied.length,
    followedTables: tables.filter(({ published }) => published != null).length,
    verified: verifications.filter((one) => one !== 'skipped').length,
    different: verifications.filter((one) => one === 'different').length,
    skipped: verifications.filter((one) => one === 'skipped').length,
    schemaDifferences: result.databases.reduce((count, { schemaDifferences }) => count + (schemaDifferences?.length ?? 0), 0),
  }
}

/** `Math.min` doesn't take bigint. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

export function largest(values: Iterable<bigint>): bigint {
  let most = 0n
  for (const value of values) if (value > most) most = value
  return most
}
