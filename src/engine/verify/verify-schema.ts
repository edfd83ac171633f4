import { z } from 'zod'
import type { ConnectionSettings } from '../../config/config.ts'
import { dependentsQuery } from '../../pg/catalog/inventory/dependents.ts'
import { countLargeObjects, readInventory } from '../../pg/catalog/inventory/read-inventory.ts'
import { inOneSnapshot } from '../../pg/catalog/one-snapshot.ts'
import type { Session } from '../../pg/session.ts'
import type { TablePlan, TableRule } from '../../plan/plan.ts'
import { compareInventories, type SchemaComparison } from '../../plan/schema-difference.ts'
import { majorOf } from '../../plan/server-version.ts'
import { openObserver } from '../observe/open-observer.ts'

interface Options {
  readonly database: string
  readonly tables: readonly TablePlan[]
  readonly source: ConnectionSettings
  readonly target: ConnectionSettings
  /** The target follows the source by replication. */
  readonly replicated: boolean
  readonly signal: AbortSignal
}

/** Compares all objects of both sides' databases and their definitions. Changes nothing on either. */
export async function verifySchema({ database, tables, source, target, replicated, signal }: Options): Promise<SchemaComparison> {
  await using onSource = await openObserver(source, database, signal)
  await using onTarget = await openObserver(target, database, signal)
  const oids = (rule: TableRule) => tables.filter((table) => table.rule === rule).map(({ oid }) => oid)
  const largeObjects = await Promise.all([countLargeObjects(onSource), countLargeObjects(onTarget)])
  const both = { common: Math.min(majorOf(onSource), majorOf(onTarget)), largeObjects: Math.max(...largeObjects) }
  const [[sourceInventory, leftOut], targetInventory] = await Promise.all([
    inOneSnapshot(onSource, async () => [await readInventory(onSource, both), await readDependents(onSource, oids('excluded'))] as const),
    inOneSnapshot(onTarget, () => readInventory(onTarget, both)),
  ])
  return compareInventories(sourceInventory, targetInventory, { excluded: leftOut, schemaOnly: addresses(oids('schema-only')), replicated })
}

/** Tables out of scope, and what can't be without them. */
async function readDependents(session: Session, excluded: readonly number[]): Promise<Set<string>> {
  if (excluded.length === 0) return new Set()
  const address = z.object({ catalog: z.string(), oid: z.number(), sub: z.number() })
  const dependents = await session.rows(address, dependentsQuery, [excluded])
  return new Set(dependents.map(({ catalog, oid, sub }) => `${catalog}/${oid}/${sub}`))
}

const addresses = (oids: readonly number[]) => new Set(oids.map((oid) => `pg_class/${oid}/0`))
