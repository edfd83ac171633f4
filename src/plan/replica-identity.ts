import type { ObservedRelation } from './observed.ts'
import { majorOf } from './server-version.ts'

/** It's the filter that wants another identity: without one, the table could be published as it is. */
export const filterFlaw = 'a filter on columns outside of its replica identity'

export type IdentityFlaw =
  | 'no primary key'
  | 'a deferrable primary key'
  | 'REPLICA IDENTITY NOTHING'
  | 'a replica identity whose index is gone'
  | 'a generated column in its replica identity'
  | 'REPLICA IDENTITY FULL with columns that have no equality'
  | 'REPLICA IDENTITY FULL with generated columns, which PostgreSQL 18 refuses'
  | typeof filterFlaw

/**
 * Why the table can't be published for updates and deletes: the source would refuse them, or the target not know which row was meant.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export function identityFlaw(
  relation: ObservedRelation,
  filterColumns: readonly string[],
  source: { readonly versionNumber: number },
): IdentityFlaw | null {
  const { identityColumns, replicaIdentity } = relation
  if (identityColumns === null) return missing(relation)
  if (filterColumns.some((name) => !identityColumns.includes(name))) return filterFlaw
  const generated = relation.columns.some((column) => column.generated !== '' && identityColumns.includes(column.name))
  if (replicaIdentity !== 'f') return generated ? 'a generated column in its replica identity' : null
  if (generated && majorOf(source) >= 18) return 'REPLICA IDENTITY FULL with generated columns, which PostgreSQL 18 refuses'
  // With a primary key the target finds the row by that.
  return relation.primaryKey !== 'immediate' && relation.incomparableColumns.length > 0
    ? 'REPLICA IDENTITY FULL with columns that have no equality'
    : null
}

/** The table as it is after `REPLICA IDENTITY FULL`. */
export function withIdentityFull(relation: ObservedRelation): ObservedRelation {
  return { ...relation, replicaIdentity: 'f', identityColumns: relation.columns.map(({ name }) => name) }
}

function missing({ replicaIdentity, primaryKey }: ObservedRelation): IdentityFlaw {
  if (replicaIdentity === 'n') return 'REPLICA IDENTITY NOTHING'
  if (replicaIdentity === 'i') return 'a replica identity whose index is gone'
  return primaryKey === 'none' ? 'no primary key' : 'a deferrable primary key'
}
