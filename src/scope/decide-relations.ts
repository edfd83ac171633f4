import { type Problem, problem } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import { leaveOut } from './leave-out.ts'
import { missingParents } from './missing-parents.ts'
import { pullParents } from './pull-parents.ts'
import type { LeftOut, RelationRules, ScopeDatabase, ScopeRelation, Selection } from './scope-database.ts'

/** A partitioned table means all its partitions, a hypertable all its chunks; a partition that is kept needs the tables that it's a partition of. */
export function decideRelations(
  database: ScopeDatabase,
  rules: RelationRules,
): {
  readonly selections: ReadonlyMap<number, Selection>
  readonly leftOut: readonly LeftOut[]
  readonly problems: readonly Problem[]
} {
  const byOid = new Map(database.relations.map((relation) => [relation.oid, relation]))
  const lineage = (oid: number): number[] => {
    const relation = byOid.get(oid)
    const parent = relation?.isPartition ? relation.parents[0] : (relation?.partOf ?? undefined)
    return parent === undefined ? [oid] : [oid, ...lineage(parent)]
  }
  const inherited = (oid: number, named: ReadonlySet<number>) => lineage(oid).some((one) => named.has(one))
  const { included, followForeignKeys } = rules
  const pulled = followForeignKeys && included !== null ? pullParents(database, { ...rules, included, lineage }) : new Set<number>()
  const all = included === null ? null : new Set([...included, ...pulled])
  const given = excludedRelations(database, { ...rules, included: all }, inherited, lineage)
  const { excluded, leftOut, problems } = leaveOut(database, given, rules.demanded)
  const parents = new Set(followForeignKeys ? database.foreignKeys.map(({ parentOid }) => parentOid) : [])
  const views = new Set(leftOut.filter(({ catalog }) => catalog === 'pg_class').map(({ oid }) => oid))
  const selections = new Map(
    database.relations.map(({ oid }): [number, Selection] => {
      const isPulled = pulled.has(oid)
      const conditions = isPulled ? [] : lineage(oid).flatMap((one) => rules.conditions.get(one) ?? [])
      const filterOid = (isPulled ? undefined : lineage(oid).find((one) => rules.conditions.has(one))) ?? oid
      const filtered = isPulled || conditions.length > 0
      const rule = excluded.has(oid) ? 'excluded' : inherited(oid, rules.schemaOnly) ? 'schema-only' : filtered ? 'filtered' : 'full'
      const comesAlong = rule === 'filtered' && inherited(oid, parents)
      return [oid, { rule, conditions, filterOid, ...(comesAlong ? { comesAlong } : {}), ...(views.has(oid) ? { leftOut: true } : {}) }]
    }),
  )
  const contradictions = [...rules.conditions.keys()]
    .filter((oid) => selections.get(oid)?.rule === 'schema-only')
    .map((oid) => contradiction(database.name, byOid.get(oid)))
  const parts = namedParts(database, rules, lineage)
  return { selections, leftOut, problems: [...contradictions, ...parts, ...problems, ...missingParents(database, selections)] }
}

/** Named for exclusion, or not included. */
function excludedRelations(
  { relations }: ScopeDatabase,
  { included, excluded }: RelationRules,
  inherited: (oid: number, named: ReadonlySet<number>) => boolean,
  lineage: (oid: number) => number[],
): ReadonlySet<number> {
  const needed = new Set([...(included ?? [])].flatMap(lineage))
  const isExcluded = ({ oid, kind, extensionData }: ScopeRelation) =>
    inherited(oid, excluded) ||
    (included !== null &&
      extensionData === null &&
      (kind === 'table' || kind === 'partitioned' || kind === 'foreign-table') &&
      !needed.has(oid) &&
      !inherited(oid, included))
  return new Set(relations.filter(isExcluded).map(({ oid }) => oid))
}

/** TimescaleDB's catalog tells of all chunks at once: none can go without the others. */
function namedParts({ name: database, relations }: ScopeDatabase, rules: RelationRules, lineage: (oid: number) => number[]): Problem[] {
  const { included, excluded, schemaOnly, conditions } = rules
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]))
  const isAlone = (oid: number, named: Pick<ReadonlySet<number>, 'has'>) =>
    named.has(oid) &&
    !lineage(oid)
      .slice(1)
      .some((one) => named.has(one))
  return relations.flatMap((part) => {
    const whole = byOid.get(lineage(part.oid).at(-1) ?? part.oid)
    if (part.partOf === null || whole === undefined) return []
    // A continuous aggregate's rows can be named by themselves: rules about rows can't be put to its view.
    const aboutRows = byOid.get(part.partOf)?.kind === 'view' ? [] : [schemaOnly, conditions]
    if (![included ?? new Set(), excluded, ...aboutRows].some((named) => isAlone(part.oid, named))) return []
    return problem('hypertable-part', `${qualified(part)} is a part of ${qualified(whole)}, and can't be chosen by itself.`, {
      hint: `Name ${qualified(whole)}: all of its parts follow it.`,
      database,
      relation: qualified(part),
    })
  })
}

function contradiction(database: string, relation: ScopeRelation | undefined): Problem {
  const name = relation === undefined ? '' : qualified(relation)
  return problem('filter-invalid', `${name} has a filter, but it's also to be copied without rows.`, {
    hint: 'Take it from the filters or from schema-only-tables.',
    database,
    relation: name,
  })
}
