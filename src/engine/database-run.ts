import type { Problem } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { DatabasePlan } from '../plan/plan.ts'
import type { SubscriptionConnection } from '../sql/subscription-conninfo.ts'
import type { CopyServers } from './copy-worker.ts'
import type { LentRoles } from './roles/lend-roles.ts'

/** What every phase of one database's replication is given. */
export interface DatabaseRun extends CopyServers {
  readonly plan: DatabasePlan
  readonly sourceSystemIdentifier: string
  readonly targetSystemIdentifier: string
  readonly subscribing: Subscribing
  readonly jobs: number
  /** Paths of the client tools. */
  readonly pgDump: string
  readonly pgRestore: string
  /** Roles that can't be made owners on the target. */
  readonly withheldOwners: readonly string[]
  /** What the time budget leaves for an orderly end; null: there's none. */
  readonly secondsToSettle: number | null
  readonly emit: Emit
}

/** What the target's subscriptions are made with. */
export interface Subscribing extends Pick<SubscriptionConnection, 'sourceFromTarget' | 'credentials'> {
  /** The target's role is a superuser: it may keep statements out of the log. */
  readonly superuser: boolean
  /** Memberships of this run that a subscription's worker needs for longer. */
  readonly lent: Pick<LentRoles, 'keep'>
}

/** What became of a database; filled while the phases run, so that it's true at any moment. */
export interface DatabaseOutcome {
  /** By `ledgerKey`. */
  readonly copied: Map<string, CopiedTable>
  /** Tables that failed, by `ledgerKey`. */
  readonly failed: Map<string, Problem>
  /** All failures, those of tables included. */
  readonly failures: Problem[]
  largeObjects: { readonly count: bigint; readonly bytes: bigint }
  /** Stopped by a signal or the time budget: to be continued. */
  interrupted: boolean
  /** That this run left and followed with another. */
  lanes: number
  /** The target's database is there as this run wants it: not to be made, let alone dropped, once more. */
  made: boolean
  /** TimescaleDB was told of the restore, and not yet of its end. */
  restoring: boolean
}

export interface CopiedTable {
  readonly rows: bigint
  readonly bytes: bigint
  readonly seconds: number
  /** It was complete before this run. */
  readonly resumed: boolean
}

export function newOutcome(): DatabaseOutcome {
  return {
    copied: new Map(),
    failed: new Map(),
    failures: [],
    largeObjects: { count: 0n, bytes: 0n },
    interrupted: false,
    lanes: 0,
    made: false,
    restoring: false,
  }
}

/** For another attempt, which meets them again if they last. */
export function forgetFailures(outcome: DatabaseOutcome): void {
  outcome.failures.length = 0
  outcome.failed.clear()
}
