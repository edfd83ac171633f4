import type { ObservedRelation } from './observed.ts'

/**
 * Partitioned tables whose rows find their partition by a hash that differs from server to server: of enums, whose hash is their
 * OID's, and of what may hold enums. Their partitions' rows can't be copied partition by partition; they go in at the top. By oid of
 * each relation of such a tree: the oid of its top.
 * https://www.postgresql.org/docs/current/app-pgdump.html (`--load-via-partition-root`)
 */
export function routedTrees(relations: readonly ObservedRelation[]): ReadonlyMap<number, number> {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]))
  const topOf = (relation: ObservedRelation): number | undefined => {
    const parent = relation.isPartition ? byOid.get(relation.parents[0] ?? 0) : undefined
    return (parent === undefined ? undefined : topOf(parent)) ?? (relation.routedByOid ? relation.oid : undefined)
  }
  return new Map(
    relations.flatMap((relation) => {
      const top = topOf(relation)
      return top === undefined ? [] : [[relation.oid, top] as const]
    }),
  )
}
