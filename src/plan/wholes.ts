import type { TablePlan } from './plan.ts'

/** By oid of each table: the one that it's a part of, all the way; itself, where it's nobody's. */
export function wholesOf(tables: readonly TablePlan[]): ReadonlyMap<number, number> {
  const byOid = new Map(tables.map((table) => [table.oid, table]))
  const wholeOf = ({ oid, partOf }: TablePlan): number => {
    const whole = partOf === null ? undefined : byOid.get(partOf)
    return whole === undefined ? oid : wholeOf(whole)
  }
  return new Map(tables.map((table) => [table.oid, wholeOf(table)]))
}
