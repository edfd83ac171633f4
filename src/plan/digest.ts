import { createHash } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { RelationName } from '../events.ts'
import type { Condition, Selection } from '../scope/scope-database.ts'
import type { LedgerTable, ObservedCatalog, ObservedDatabase, ObservedServer } from './observed.ts'
import type { DatabasePlan } from './plan.ts'
import { referringTables } from './referring-scope.ts'

interface FingerprintedPair {
  readonly source: Pick<ObservedDatabase, 'oid'>
  readonly catalog: Pick<ObservedCatalog, 'relations' | 'foreignKeys'> | null
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

type ScopeLine = [schema: string, name: string, rule: string, conditions: unknown[][]]

function scopeOf({ catalog }: FingerprintedPair, selections: ReadonlyMap<number, Selection>): ScopeLine[] {
  const tables = new Set(catalog?.relations.filter(({ kind }) => kind === 'table').map(({ oid }) => oid))
  const relations = (catalog?.relations ?? []).filter(
    // Chunks, which appear by themselves, have no rules of their own: see engine/schema/check-chunks.ts.
    ({ kind, oid, partOf }) =>
      (partOf === null || !tables.has(partOf)) && ((kind !== 'view' && kind !== 'sequence') || isExcluded(selections.get(oid))),
  )
  const lines = new Map(relations.map((relation) => [relation.oid, scopeLine(relation, selections.get(relation.oid))]))
  if (catalog === null || ![...selections.values()].some((one) => one.comesAlong)) return [...lines.values()].sort(byText)
  const referring = referringTables(catalog)
  return [...lines]
    .map(([oid, [schema, name, rule, conditions]]): ScopeLine => {
      if (!selections.get(oid)?.comesAlong) return [schema, name, rule, conditions]
      // With other rows of those that refer to it, other rows of it come along.
      const deciding = [...referring(oid)].flatMap((one) => [lines.get(one) ?? []]).sort(byText)
      return [schema, name, rule, [...conditions, [followed, sha256(deciding)]]]
    })
    .sort(byText)
}

/** Marks a condition of those that scopeLine doesn't write. */
export const followed = 'follow-foreign-keys'

function scopeLine({ schema, name }: RelationName, { rule, conditions }: Pick<Selection, 'rule' | 'conditions'> = whole): ScopeLine {
  return [schema, name, rule, rule === 'filtered' ? conditions.map(asGiven).sort(byText) : []]
}

const whole = { rule: 'full', conditions: [] } as const

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
