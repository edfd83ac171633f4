import type { Selection } from '../scope/scope-database.ts'
import type { SourceIdentity } from './decide-action.ts'
import { databaseFingerprint, ledgerScope } from './digest.ts'
import type { ObservedCatalog, ObservedDatabase, ObservedTarget } from './observed.ts'
import { scopeChange } from './scope-change.ts'

interface IdentifiedPair {
  readonly source: Pick<ObservedDatabase, 'oid'>
  readonly catalog: Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'dependencies' | 'extensions'> | null
  readonly target: ObservedTarget | null
}

/** What a ledger on the target is held against. */
export function identifySource(pair: IdentifiedPair, selections: ReadonlyMap<number, Selection>, systemIdentifier: string): SourceIdentity {
  const { relations = [], dependencies = [], extensions = [] } = pair.catalog ?? {}
  const fingerprint = databaseFingerprint(pair, selections, systemIdentifier)
  const ledger = pair.target?.content?.ledger ?? null
  const isOther = ledger !== null && ledger.fingerprint !== fingerprint
  // What its catalog says of hypertables was restored as rows, and would have to be changed by its own functions.
  const isTimescale = extensions.some(({ name }) => name === 'timescaledb')
  // A column's sequence comes and goes with its table.
  const owned = new Set(dependencies.flatMap(({ tie, catalog, oid }) => (tie === 'owned' && catalog === 'pg_class' ? [oid] : [])))
  const own = relations.filter(({ oid }) => !owned.has(oid)).map((one) => ({ ...one, ofExtension: one.extensionData !== null }))
  return {
    systemIdentifier,
    databaseOid: pair.source.oid,
    fingerprint,
    change: isOther && !isTimescale ? scopeChange(ledger, ledgerScope(pair, selections), own) : null,
  }
}
