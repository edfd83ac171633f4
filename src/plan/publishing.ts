import type { ReplicaIdentityChoice } from '../config/config.ts'
import type { ObservedRelation } from './observed.ts'
import type { ObservedRowFilter } from './observed-replication.ts'
import type { Publishing, TableRule } from './plan.ts'
import { type IdentityFlaw, identityFlaw, withIdentityFull } from './replica-identity.ts'

export interface PublishingConditions {
  readonly replicaIdentity: ReplicaIdentityChoice
  readonly sourceVersion: number
  /** Of every table that would be published with one; known from 15 on. */
  readonly rowFilters: ReadonlyMap<number, ObservedRowFilter>
  /** Leaves of a tree that is copied, and so published, through its top. */
  readonly leaves: (top: ObservedRelation) => readonly ObservedRelation[]
}

export interface PublishingDecision {
  readonly publish: Publishing | null
  readonly setIdentityFull: boolean
}

const nothing: PublishingDecision = { publish: null, setIdentityFull: false }

/**
 * Published for updates and deletes, a table without usable replica identity refuses both: the application's writes would fail. So does one
 * whose row filter reads a column outside of it.
 */
export function decidePublishing(relation: ObservedRelation, rule: TableRule, conditions: PublishingConditions): PublishingDecision {
  if (!isFollowed(relation, rule) || !isFilterLegal(relation, rule, conditions)) return nothing
  if (flawOf(relation, conditions) === null) return { publish: 'changes', setIdentityFull: false }
  switch (conditions.replicaIdentity) {
    case 'insert-only':
      return { publish: 'inserts', setIdentityFull: false }
    case 'full':
      return flawOf(relation, conditions, withIdentityFull) === null ? { publish: 'changes', setIdentityFull: true } : nothing
    case 'refuse':
    case 'skip':
      return nothing
  }
}

/** Whether its changes are to reach the target at all; `not-replicated` tells of the others. */
export function isFollowed(relation: ObservedRelation, rule: TableRule): boolean {
  const { unlogged, extensionData, canPublish } = relation
  return (rule === 'copy' || rule === 'filtered') && !unlogged && !isTimescale(relation) && (extensionData === null || canPublish)
}

/** Hypertables, their chunks, and the catalog that tells of them: see rules/hypertables.ts. */
function isTimescale({ isHypertable, partOf, extensionData }: ObservedRelation): boolean {
  return isHypertable || partOf !== null || extensionData?.extension === 'timescaledb'
}

/** Row filters came with 15; there the source was asked. What it wasn't asked of isn't published. */
function isFilterLegal(relation: ObservedRelation, rule: TableRule, { rowFilters }: PublishingConditions): boolean {
  return !isFiltered(relation, rule) || rowFilters.get(relation.oid)?.error === null
}

/** By the user, or by the extension that wants only some of its rows dumped. */
export function isFiltered({ extensionData }: ObservedRelation, rule: TableRule): boolean {
  return rule === 'filtered' || (extensionData?.condition.trim() ?? '') !== ''
}

/** What keeps updates and deletes from being published as the table is, or as it `becomes`; of a routed tree, the first of its leaves'. */
export function flawOf(
  relation: ObservedRelation,
  { rowFilters, sourceVersion, leaves }: Pick<PublishingConditions, 'rowFilters' | 'sourceVersion' | 'leaves'>,
  becomes: (leaf: ObservedRelation) => ObservedRelation = (leaf) => leaf,
): IdentityFlaw | null {
  const filterColumns = rowFilters.get(relation.oid)?.columns ?? []
  const tables = relation.kind === 'partitioned' ? leaves(relation) : [relation]
  for (const table of tables) {
    const flaw = identityFlaw(becomes(table), filterColumns, { versionNumber: sourceVersion })
    if (flaw !== null) return flaw
  }
  return null
}
