import type { ConnectionSettings } from '../../config/config.ts'
import { countLargeObjects, readInventory } from '../../pg/catalog/inventory/read-inventory.ts'
import { inOneSnapshot } from '../../pg/catalog/one-snapshot.ts'
import type { TablePlan, TableRule } from '../../plan/plan.ts'
import { compareInventories, type SchemaComparison } from '../../plan/schema-difference.ts'
import { majorOf } from '../../plan/server-version.ts'
import type { LeftOut } from '../../scope/scope-database.ts'
import { openObserver } from '../observe/open-observer.ts'

interface Options {
  readonly database: string
  readonly tables: readonly TablePlan[]
  readonly leftOut: readonly LeftOut[]
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  /** The target follows the source by replication. */
  readonly replicated: boolean
  readonly signal: AbortSignal
}

/** Compares all objects of both sides' databases and their definitions. Changes nothing on either. */
export async function verifySchema({ database, tables, leftOut, source, target, replicated, signal }: Options): Promise<SchemaComparison> {
  await using onSource = await openObserver(source, database, signal)
  await using onTarget = await openObserver(target, database, signal)
  const tablesOf = (rule: TableRule) => tables.filter((table) => table.rule === rule).map(({ oid }) => `pg_class/${oid}/0`)
  const largeObjects = await Promise.all([countLargeObjects(onSource), countLargeObjects(onTarget)])
  const both = { common: Math.min(majorOf(onSource), majorOf(onTarget)), largeObjects: Math.max(...largeObjects) }
  const [sourceInventory, targetInventory] = await Promise.all([
    inOneSnapshot(onSource, () => readInventory(onSource, both)),
    inOneSnapshot(onTarget, () => readInventory(onTarget, both)),
  ])
  const excluded = new Set([...tablesOf('excluded'), ...leftOut.map(({ catalog, oid }) => `${catalog}/${oid}/0`)])
  return compareInventories(sourceInventory, targetInventory, { excluded, schemaOnly: new Set(tablesOf('schema-only')), replicated })
}
