import { type Problem, problem } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import { checkDependencies } from './check-dependencies.ts'
import { groupBy } from './group-by.ts'
import type { RelationRules, ScopeDatabase, ScopeRelation, Selection } from './scope-database.ts'

/** A partitioned table means all its partitions; a partition that is kept needs the tables that it's a partition of. */
export function decideRelations(
  database: ScopeDatabase,
  rules: RelationRules,
): { readonly selections: ReadonlyMap<number, Selection>; readonly problems: readonly Problem[] } {
  const byOid = new Map(database.relations.map((relation) => [relation.oid, relation]))
  const lineage = (oid: number): number[] => {
    const relation = byOid.get(oid)
    const [parent] = relation?.isPartition ? relation.parents : []
    return parent === undefined ? [oid] : [oid, ...lineage(parent)]
  }
  const inherited = (oid: number, named: ReadonlySet<number>) => lineage(oid).some((one) => named.has(one))
  const excluded = excludedRelations(database, rules, inherited, lineage)
  const selections = new Map(
    database.relations.map(({ oid }): [number, Selection] => {
      const conditions = lineage(oid).flatMap((one) => rules.conditions.get(one) ?? [])
      const filterOid = lineage(oid).find((one) => rules.conditions.has(one)) ?? oid
      const schemaOnly = inherited(oid, rules.schemaOnly)
      const rule = excluded.has(oid) ? 'excluded' : schemaOnly ? 'schema-only' : conditions.length > 0 ? 'filtered' : 'full'
      return [oid, { rule, conditions, filterOid }]
    }),
  )
  const contradictions = [...rules.conditions.keys()]
    .filter((oid) => selections.get(oid)?.rule === 'schema-only')
    .map((oid) => contradiction(database.name, byOid.get(oid)))
  return { selections, problems: [...contradictions, ...checkDependencies(database, selections)] }
}

/** Named for exclusion, or not included; what belongs to those; and views that nobody included and that need one of them. */
function excludedRelations(
  { relations, dependencies }: ScopeDatabase,
  { included, excluded }: RelationRules,
  inherited: (oid: number, named: ReadonlySet<number>) => boolean,
  lineage: (oid: number) => number[],
): ReadonlySet<number> {
  const needed = new Set([...(included ?? [])].flatMap(lineage))
  const isLeftOut = ({ oid, kind }: ScopeRelation) =>
    inherited(oid, excluded) ||
    (included !== null &&
      (kind === 'table' || kind === 'partitioned' || kind === 'foreign-table') &&
      !needed.has(oid) &&
      !inherited(oid, included))
  const result = new Set(relations.filter(isLeftOut).map(({ oid }) => oid))
  const views = new Set(
    relations
      .filter(({ kind, oid }) => (kind === 'view' || kind === 'materialized-view') && included !== null && !included.has(oid))
      .map(({ oid }) => oid),
  )
  const byNeed = groupBy(dependencies, ({ on }) => on)
  const pending = [...result]
  for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
    for (const { dependent, owned } of byNeed.get(oid) ?? []) {
      if (dependent === null || result.has(dependent) || !(owned || views.has(dependent))) continue
      result.add(dependent)
      pending.push(dependent)
    }
  }
  return result
}

function contradiction(database: string, relation: ScopeRelation | undefined): Problem {
  const name = relation === undefined ? '' : qualified(relation)
  return problem('filter-invalid', `${name} has a filter, but it's also to be copied without rows.`, {
    hint: 'Take it from the filters or from schema-only-tables.',
    database,
    relation: name,
  })
}
