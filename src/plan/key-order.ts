import type { ObservedForeignKey } from './observed.ts'
import type { TablePlan } from './plan.ts'

/** Extensions' tables after those that they refer to: their foreign keys stand before the first row is there. */
export function inKeyOrder(tables: readonly TablePlan[], foreignKeys: readonly ObservedForeignKey[]): TablePlan[] {
  const members = new Map(tables.filter(({ extension }) => extension !== null).map((table) => [table.oid, table]))
  const ordered = new Set<TablePlan>()
  const seen = new Set<number>()
  const add = (table: TablePlan): void => {
    if (seen.has(table.oid)) return
    seen.add(table.oid)
    for (const { childOid, parentOid } of members.has(table.oid) ? foreignKeys : []) {
      const parent = childOid === table.oid ? members.get(parentOid) : undefined
      if (parent !== undefined) add(parent)
    }
    ordered.add(table)
  }
  for (const table of tables) add(table)
  return [...ordered]
}
