import { createHash } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Condition, Selection } from '../scope/scope-database.ts'
import type { LedgerTable, ObservedCatalog, ObservedDatabase, ObservedServer } from './observed.ts'
import type { DatabasePlan } from './plan.ts'

interface FingerprintedPair {
  readonly source: Pick<ObservedDatabase, 'oid'>
  readonly catalog: Pick<ObservedCatalog, 'relations'> | null
}

/**
 * Ties a ledger to the source's identity and to what is to become of each table. A window of time counts as it was given: its
 * cut-off moves, and the ledger keeps the one that the copy began with.
 */
export function databaseFingerprint(pair: FingerprintedPair, selections: ReadonlyMap<number, Selection>, systemIdentifier: string): string {
  return sha256([systemIdentifier, pair.source.oid, scopeOf(pair, selections)])
}

/** The same in the open, for the ledger: it tells what a changed scope changed. */
export function ledgerScope(pair: FingerprintedPair, selections: ReadonlyMap<number, Selection>): LedgerTable[] {
  return scopeOf(pair, selections).map(([schema, name, rule, conditions]) => ({
    ...{ schema, name, rule },
    conditions: conditions.map((one) => JSON.stringify(one)),
  }))
}

function scopeOf({ catalog }: FingerprintedPair, selections: ReadonlyMap<number, Selection>): [string, string, string, unknown[][]][] {
  const tables = new Set(catalog?.relations.filter(({ kind }) => kind === 'table').map(({ oid }) => oid))
  // Chunks, which appear by themselves, have no rules of their own: see engine/schema/check-chunks.ts.
  const relations = (catalog?.relations ?? []).filter(({ partOf }) => partOf === null || !tables.has(partOf))
  return relations
    .filter(({ kind, oid }) => (kind !== 'view' && kind !== 'sequence') || isExcluded(selections.get(oid)))
    .map(({ oid, schema, name }): [string, string, string, unknown[][]] => {
      const { rule, conditions } = selections.get(oid) ?? { rule: 'full', conditions: [] }
      return [schema, name, rule, rule === 'filtered' ? conditions.map(asGiven).sort(byText) : []]
    })
    .sort(byText)
}

/** By a rule: a view that is left out for what it needs may come to be, and go, at any time. */
function isExcluded(selection: Selection | undefined): boolean {
  return selection?.rule === 'excluded' && selection.leftOut === undefined
}

/** The same digest means the same plan: scope as resolved, options, and both servers. Sizes, progress and speed are left out. */
export function planDigest(
  { dropExisting, snapshotOnly }: Pick<Config, 'dropExisting' | 'snapshotOnly'>,
  source: ObservedServer,
  target: ObservedServer,
  databases: readonly Pick<DatabasePlan, 'name' | 'fingerprint'>[],
): string {
  const scope = databases.map(({ name, fingerprint }) => [name, fingerprint]).sort(byText)
  return sha256([source.systemIdentifier, target.systemIdentifier, { dropExisting, snapshotOnly }, scope])
}

function asGiven(condition: Condition): unknown[] {
  return condition.kind === 'time' ? [condition.column, condition.window.count, condition.window.unit] : [condition.predicate]
}

function byText(one: unknown, other: unknown): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
