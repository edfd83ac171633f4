import type { Selection } from '../scope/scope-database.ts'
import { copyFormat, type FormatConditions } from './copy-format.ts'
import { inKeyOrder } from './key-order.ts'
import type { ObservedCatalog, ObservedFilter, ObservedLedger, ObservedRelation } from './observed.ts'
import { decideParts, tableBytes } from './parts.ts'
import type { TablePlan, TableRule } from './plan.ts'
import { decidePublishing, type PublishingConditions } from './publishing.ts'
import { routedTrees } from './routed-trees.ts'
import { timescaleCondition, withCompressedChunks } from './timescale-catalog.ts'

export interface TableConditions extends FormatConditions {
  readonly sourceVersion: number
  readonly jobs: number
  /** Null: nothing is to be followed. */
  readonly publishing: Omit<PublishingConditions, 'leaves'> | null
  /** Null unless the copy goes on. */
  readonly ledger: ObservedLedger | null
}

/** What each table gets; views and sequences only where they're left out. Counted as what they will be on the target. */
export function planTables(catalog: ObservedCatalog, chosen: ReadonlyMap<number, Selection>, conditions: TableConditions): TablePlan[] {
  const selections = withCompressedChunks(catalog, chosen)
  const routed = routedTrees(catalog.relations)
  const totalBytes = catalog.relations
    .filter((one) => takesRows(ruleOf(one, selections, routed)))
    .reduce((sum, one) => sum + tableBytes(one), 0n)
  const copied = copiedTables(conditions.ledger)
  const leaves = (top: ObservedRelation) => catalog.relations.filter((one) => one.kind === 'table' && routed.get(one.oid) === top.oid)
  const publishing = (relation: ObservedRelation, rule: TableRule) =>
    conditions.publishing === null
      ? { publish: null, setIdentityFull: false }
      : decidePublishing(relation, rule, { ...conditions.publishing, leaves })
  const tables = catalog.relations
    .filter((relation) => isPlanned(relation, ruleOf(relation, selections, routed)))
    .map((own) => {
      const rule = ruleOf(own, selections, routed)
      const relation = takesRows(rule) && own.kind === 'partitioned' ? { ...own, ...treeSizes(own, catalog.relations, routed) } : own
      const columns = relation.columns.filter(({ generated }) => generated === '')
      const filter = rule === 'filtered' ? catalog.filters.get(selections.get(relation.oid)?.filterOid ?? relation.oid) : undefined
      return {
        oid: relation.oid,
        schema: relation.schema,
        name: relation.name,
        kind: relation.kind,
        partOf: relation.partOf,
        extension: relation.extensionData?.extension ?? null,
        rule,
        predicate: joined(filter?.predicate ?? null, extensionCondition(relation), timescaleCondition(relation, catalog, selections)),
        predicateGiven: filter?.given ?? null,
        ...(filter?.comesAlong === undefined ? {} : { comesAlong: filter.comesAlong }),
        columns: columns.map(({ name }) => name),
        format: copyFormat(columns, conditions),
        // Each part would compute anew what comes along.
        parts: filter?.comesAlong === undefined ? partsOf(relation, rule, { ...conditions, totalBytes }) : [{ by: 'whole' } as const],
        ...sizes(relation, rule, filter),
        indexes: relation.indexes,
        copied: copied.has(JSON.stringify([relation.schema, relation.name])),
        ...publishing(own, rule),
        tableSync: false,
      }
    })
  return inKeyOrder(tables, catalog.foreignKeys)
}

/**
 * A selection says what the user wants, a rule what becomes of this kind of relation. The top of a routed tree takes its partitions'
 * rows, which then have none of their own to copy.
 */
function ruleOf(
  { oid, kind }: ObservedRelation,
  selections: ReadonlyMap<number, Selection>,
  routed: ReadonlyMap<number, number>,
): TableRule {
  const rule = selections.get(oid)?.rule ?? 'full'
  const top = routed.get(oid)
  if (rule === 'excluded') return 'excluded'
  if (kind === 'foreign-table' || (rule === 'schema-only' && (kind === 'table' || kind === 'materialized-view' || top === oid)))
    return 'schema-only'
  if (top === undefined ? kind !== 'table' : top !== oid) return 'empty'
  return rule === 'filtered' ? 'filtered' : 'copy'
}

function isPlanned({ kind }: ObservedRelation, rule: TableRule): boolean {
  return rule === 'excluded' || (kind !== 'view' && kind !== 'sequence')
}

/** A partitioned table has no size of its own. */
function treeSizes(
  top: ObservedRelation,
  relations: readonly ObservedRelation[],
  routed: ReadonlyMap<number, number>,
): Pick<ObservedRelation, 'estimatedRows' | 'heapBytes' | 'toastBytes' | 'indexBytes'> {
  const leaves = relations.filter((one) => one.kind === 'table' && routed.get(one.oid) === top.oid)
  const sum = (key: 'estimatedRows' | 'heapBytes' | 'toastBytes' | 'indexBytes') => leaves.reduce((total, leaf) => total + leaf[key], 0n)
  return { estimatedRows: sum('estimatedRows'), heapBytes: sum('heapBytes'), toastBytes: sum('toastBytes'), indexBytes: sum('indexBytes') }
}

function takesRows(rule: TableRule): boolean {
  return rule === 'copy' || rule === 'filtered'
}

/** `WHERE …`, as pg_extension_config_dump was told. https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-CONFIG-TABLES */
function extensionCondition({ extensionData }: ObservedRelation): string | null {
  return extensionData === null || extensionData.condition.trim() === '' ? null : extensionData.condition.replace(/^\s*where\b/i, '').trim()
}

function joined(...predicates: readonly (string | null)[]): string | null {
  const given = predicates.filter((one) => one !== null)
  return given.length < 2 ? (given[0] ?? null) : given.map((one) => `(${one}\n)`).join(' and ')
}

function partsOf(
  relation: ObservedRelation,
  rule: TableRule,
  conditions: TableConditions & { readonly totalBytes: bigint },
): TablePlan['parts'] {
  if (!takesRows(rule)) return []
  return relation.extensionData === null && relation.kind === 'table' ? decideParts(relation, conditions) : [{ by: 'whole' }]
}

type Sizes = Pick<TablePlan, 'estimatedRows' | 'heapBytes' | 'toastBytes' | 'indexBytes'>

function sizes(relation: ObservedRelation, rule: TableRule, filter: ObservedFilter | undefined): Sizes {
  const { estimatedRows, heapBytes, toastBytes, indexBytes } = relation
  if (rule === 'filtered') {
    const rows = filter?.estimatedRows.get(relation.oid) ?? 0n
    const share = (bytes: bigint) => (rows < estimatedRows ? (bytes * rows) / estimatedRows : bytes)
    return { estimatedRows: rows, heapBytes: share(heapBytes), toastBytes: share(toastBytes), indexBytes: share(indexBytes) }
  }
  if (rule === 'copy' || relation.kind === 'materialized-view') return { estimatedRows, heapBytes, toastBytes, indexBytes }
  return { estimatedRows: 0n, heapBytes: 0n, toastBytes: 0n, indexBytes: 0n }
}

/** Tables of which all parts are there. */
function copiedTables(ledger: ObservedLedger | null): ReadonlySet<string> {
  const found = new Map<string, number>()
  const complete = new Set<string>()
  for (const { schema, name, parts } of ledger?.copied ?? []) {
    const key = JSON.stringify([schema, name])
    const count = (found.get(key) ?? 0) + 1
    found.set(key, count)
    if (count === parts) complete.add(key)
  }
  return complete
}
