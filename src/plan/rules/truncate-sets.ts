import { type Problem, type Warning, warning } from '../../errors.ts'
import type { ObservedRelation } from '../observed.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'
import { place, relationNames, relationsOf, type ScopedRelation } from './scoped.ts'

interface TruncateSet {
  readonly parent: ScopedRelation
  readonly child: ScopedRelation
}

/**
 * TRUNCATE takes referring tables along on the source; where those don't arrive with it, the target refuses it, and apply tries for ever.
 * https://www.postgresql.org/docs/current/logical-replication-restrictions.html
 */
export function truncateSets(input: RuleInput): (Problem | Warning)[] {
  if (input.observed.replication === null) return []
  const sets = input.databases.flatMap(setsOf)
  if (sets.length === 0) return []
  const parents = [...new Map(sets.map(({ parent }) => [parent.relation, parent])).values()]
  const children = [...new Map(sets.map(({ child }) => [child.relation, child])).values()]
  return [
    warning(
      'truncate-set',
      `A TRUNCATE of ${counted(parents.length, 'table')} (${listed(relationNames(input, parents))}) would stop replication: on the target ${listed(relationNames(input, children))} ${children.length === 1 ? 'refers' : 'refer'} to ${parents.length === 1 ? 'it' : 'them'}, whose TRUNCATE doesn't arrive.`,
      {
        hint: 'Use DELETE on the source while replication runs, have the referring tables replicated, or drop their foreign keys on the target.',
        ...place(parents),
      },
    ),
  ]
}

function setsOf(database: ScopedDatabase): TruncateSet[] {
  const { pair, tables } = database
  const relations = pair.catalog?.relations ?? []
  const there = new Map(relationsOf(database, 'table', 'partitioned').map((one) => [one.relation.oid, one]))
  const truncated = new Set(tables.filter(({ publish }) => publish === 'changes').map(({ relation }) => relation.oid))
  // Partitions are published one by one, or as their top.
  const holders = (oid: number): number[] => {
    const parts = relations.filter((one) => one.isPartition && one.parents[0] === oid)
    return truncated.has(oid) || parts.length === 0 ? [oid] : parts.flatMap((part) => holders(part.oid))
  }
  return (pair.catalog?.foreignKeys ?? []).flatMap(({ childOid, parentOid }) => {
    const [parent, child] = [there.get(parentOid), there.get(childOid)]
    if (parent === undefined || child === undefined) return []
    const lost = holders(childOid).some((oid) => !isEmptyTop(oid, relations) && !truncated.has(oid))
    return lost && holders(parentOid).some((oid) => truncated.has(oid)) ? [{ parent, child }] : []
  })
}

/** A partitioned table without partitions holds nothing that a TRUNCATE could leave. */
function isEmptyTop(oid: number, relations: readonly ObservedRelation[]): boolean {
  return relations.some((one) => one.oid === oid && one.kind === 'partitioned')
}
