import type { Finding } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import type { ObservedRelation, RelationKind } from '../observed.ts'
import type { TableRule } from '../plan.ts'
import { spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

export interface ScopedRelation {
  readonly database: string
  readonly relation: ObservedRelation
  /** Null for what takes no rule: views, sequences. */
  readonly rule: TableRule | null
}

/** Every relation that will be there on the target, with its rows or without. */
export function relationsOf({ pair, tables }: ScopedDatabase, ...kinds: readonly RelationKind[]): ScopedRelation[] {
  const rules = new Map(tables.map(({ relation, rule }) => [relation.oid, rule]))
  return (pair.catalog?.relations ?? [])
    .filter((relation) => kinds.includes(relation.kind))
    .map((relation) => ({ database: pair.source.name, relation, rule: rules.get(relation.oid) ?? null }))
    .filter(({ rule }) => rule !== 'excluded')
}

export function relationsInScope({ databases }: RuleInput, ...kinds: readonly RelationKind[]): ScopedRelation[] {
  return databases.flatMap((database) => relationsOf(database, ...kinds))
}

/** The tables whose rows are read, all or some. */
export function copiedTables({ databases }: RuleInput): ScopedRelation[] {
  return databases.flatMap(({ pair, tables }) =>
    tables.filter(({ rule }) => rule === 'copy' || rule === 'filtered').map((table) => ({ database: pair.source.name, ...table })),
  )
}

/** Names for a message, with the database where there are several. */
export function relationNames(input: RuleInput, relations: readonly ScopedRelation[]): string[] {
  const alone = input.databases.length === 1
  return relations.map(({ database, relation }) => spelled(...(alone ? [] : [database]), relation.schema, relation.name))
}

/** What a finding points to: the one database, and the one relation, that it's about. */
export function place(relations: readonly ScopedRelation[]): Pick<Finding, 'database' | 'relation'> {
  const [first, ...others] = relations
  if (!first || others.some(({ database }) => database !== first.database)) return {}
  return others.length > 0 ? { database: first.database } : { database: first.database, relation: qualified(first.relation) }
}
