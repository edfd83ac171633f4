import type { TimeWindow } from '../config/config.ts'
import type { SelectableDatabase, SelectableRelation } from './resolve-table.ts'

export interface ScopeRelation extends SelectableRelation {
  readonly kind: 'table' | 'partitioned' | 'materialized-view' | 'view' | 'foreign-table' | 'sequence'
  readonly parents: readonly number[]
  readonly isPartition: boolean
  /** What it follows in everything: a chunk its hypertable. */
  readonly partOf: number | null
  /** Not null: an extension's own table, which comes with the extension. */
  readonly extensionData: object | null
}

/** A view on a table, a default on a sequence, a function on a table's row type, an operator on such a function … Inheritance has its own list. */
export interface ScopeDependency {
  /** Catalog and oid of what is needed, "pg_class/16400": a relation, or what needs one. */
  readonly on: string
  /** The same in words: "table public.film". */
  readonly needs: string
  /** The dependent's, by name and oid: a relation's own, a part's of one, or any other object's. */
  readonly catalog: string
  readonly catalogOid: number
  readonly oid: number
  /** The relation that it is, or is a part of. */
  readonly relation: number | null
  /** "view public.film_list", "function public.f(integer)". */
  readonly description: string
  /**
   * `owned`: a column's sequence, which comes and goes with it. `firm`: what has rows, or guards them, and isn't whole without: a table's column,
   * default, constraint, index, partition key, a restrictive policy. `loose`: anything else, which can be left out.
   */
  readonly tie: 'owned' | 'firm' | 'loose'
}

/** An object that isn't on the target since something else isn't. */
export type LeftOut = Pick<ScopeDependency, 'catalog' | 'catalogOid' | 'oid' | 'description' | 'needs'>

export interface ScopeForeignKey {
  readonly name: string
  readonly childOid: number
  readonly parentOid: number
}

export interface ScopeDatabase extends SelectableDatabase<ScopeRelation> {
  readonly dependencies: readonly ScopeDependency[]
  readonly foreignKeys: readonly ScopeForeignKey[]
}

/** What the rules name in one database, before what follows from it. */
export interface RelationRules {
  /** Null: everything. */
  readonly included: ReadonlySet<number> | null
  /** Named to be there, and not by a pattern. */
  readonly demanded: ReadonlySet<number>
  readonly excluded: ReadonlySet<number>
  readonly schemaOnly: ReadonlySet<number>
  readonly conditions: ReadonlyMap<number, readonly Condition[]>
  readonly followForeignKeys: boolean
}

export interface Selection {
  readonly rule: 'full' | 'filtered' | 'schema-only' | 'excluded'
  /** All that hold, a partitioned table's for its partitions too. */
  readonly conditions: readonly Condition[]
  /** The relation whose filter this one shares: itself, or the partitioned table that alone was named. */
  readonly filterOid: number
  /** Rows that selected rows refer to come along with those of the filter; without conditions, they alone. */
  readonly comesAlong?: true
  /** No rule excludes it: it needs something that is. */
  readonly leftOut?: true
}

/** One condition on the rows of a table; several are joined by AND. */
export type Condition =
  | { readonly kind: 'predicate'; readonly predicate: string }
  | { readonly kind: 'time'; readonly column: string; readonly window: TimeWindow }
