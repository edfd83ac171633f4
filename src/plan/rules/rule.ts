import type { Config } from '../../config/config.ts'
import type { Problem, Warning } from '../../errors.ts'
import type { LeftOut } from '../../scope/scope-database.ts'
import type { Observed, ObservedPair, ObservedRelation } from '../observed.ts'
import type { DatabaseAction, TablePlan, TableRule } from '../plan.ts'
import type { ScopeChange } from '../scope-change.ts'

/** What every rule judges. Rules are pure and know nothing of each other; what they return is shown in the order of rules/index.ts. */
export interface RuleInput {
  readonly observed: Observed
  readonly config: Config
  readonly databases: readonly ScopedDatabase[]
  /** Of the copy; null where nothing was measured. */
  readonly estimatedSeconds: number | null
}

/** A database of the selection, what is to become of it on the target, and of its tables. */
export interface ScopedDatabase {
  readonly pair: ObservedPair
  readonly action: DatabaseAction
  readonly tables: readonly ScopedTable[]
  /** What isn't there since it needs an excluded table. */
  readonly leftOut: readonly LeftOut[]
  /** What a copy on the target was begun with otherwise; null: there's none, or it's of the same scope, or doesn't tell. */
  readonly change: ScopeChange | null
}

export interface ScopedTable extends Pick<TablePlan, 'publish' | 'setIdentityFull' | 'tableSync' | 'copied' | 'comesAlong'> {
  readonly relation: ObservedRelation
  readonly rule: TableRule
}

export type Rule = (input: RuleInput) => (Problem | Warning)[]
