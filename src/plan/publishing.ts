import type { ReplicaIdentityChoice } from '../config/config.ts'
import type { ObservedRelation } from './observed.ts'
import type { ObservedRowFilter } from './observed-replication.ts'
import type { Publishing, TableRule } from './plan.ts'

export interface PublishingConditions {
  readonly replicaIdentity: ReplicaIdentityChoice
  /** Row filters are known from 15 on. */
  readonly sourceVersion: number
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
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export function decidePublishing(relation: ObservedRelation, rule: TableRule, conditions: PublishingConditions): PublishingDecision {
  if (!isFollowed(relation, rule)) return nothing
  if (isUpdatable(relation, conditions)) return { publish: 'changes', setIdentityFull: false }
  switch (conditions.replicaIdentity) {
    case 'insert-only':
      return { publish: 'inserts', setIdentityFull: false }
    case 'full':
      return tables(relation, conditions).every(({ incomparableColumns }) => incomparableColumns.length === 0)
        ? { publish: 'changes', setIdentityFull: true }
        : nothing
    case 'refuse':
    case 'skip':
      return nothing
  }
}

/** Whether its changes are to reach the target at all; `not-replicated` tells of the others. */
export function isFollowed({ unlogged, extensionData, canPublish }: ObservedRelation, rule: TableRule): boolean {
  return (rule === 'copy' || rule === 'filtered') && !unlogged && (extensionData === null || canPublish)
}

/** Whether updates and deletes can be published as the table is. */
export function isUpdatable(relation: ObservedRelation, conditions: PublishingConditions): boolean {
  const filtered = conditions.rowFilters.get(relation.oid)?.columns ?? []
  return tables(relation, conditions).every(({ identityColumns, replicaIdentity, incomparableColumns, hasPrimaryKey }) => {
    if (identityColumns === null || filtered.some((name) => !identityColumns.includes(name))) return false
    return replicaIdentity !== 'f' || hasPrimaryKey || incomparableColumns.length === 0
  })
}

function tables(relation: ObservedRelation, { leaves }: PublishingConditions): readonly ObservedRelation[] {
  return relation.kind === 'partitioned' ? leaves(relation) : [relation]
}
