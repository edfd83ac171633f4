import type { RelationRules, ScopeDatabase, ScopeRelation } from './scope-database.ts'

interface PullRules extends Pick<RelationRules, 'excluded' | 'schemaOnly'> {
  readonly included: ReadonlySet<number>
  /** A relation itself, and what it's a partition of. */
  readonly lineage: (oid: number) => readonly number[]
}

/** The tables that nobody included, though rows of those that were refer to them, however indirectly. What was named to stay behind stays. */
export function pullParents({ relations, foreignKeys }: ScopeDatabase, rules: PullRules): ReadonlySet<number> {
  const { included, excluded, schemaOnly, lineage } = rules
  const named = (oid: number, among: ReadonlySet<number>) => lineage(oid).some((one) => among.has(one))
  const topsOfIncluded = new Set([...included].flatMap(lineage))
  const there = new Set(relations.filter(({ oid }) => topsOfIncluded.has(oid) || named(oid, included)).map(({ oid }) => oid))
  const mayCome = (relation: ScopeRelation) =>
    !there.has(relation.oid) && !named(relation.oid, excluded) && !named(relation.oid, schemaOnly)
  const pulled = new Set<number>()
  const refersFrom = (oid: number) => there.has(oid) && !named(oid, excluded) && !named(oid, schemaOnly)
  for (let found = true; found; ) {
    const parents = new Set(foreignKeys.filter(({ childOid }) => refersFrom(childOid)).map(({ parentOid }) => parentOid))
    const next = relations.filter((relation) => named(relation.oid, parents) && mayCome(relation))
    for (const { oid } of next) {
      pulled.add(oid)
      there.add(oid)
    }
    found = next.length > 0
  }
  return pulled
}
