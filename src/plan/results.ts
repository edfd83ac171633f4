import type { Outcome, Problem, Warning } from '../errors.ts'
import type { DatabaseAction, Publishing, ServerSummary, TableRule } from './plan.ts'
import type { ReplicationGaps, ReplicationReading } from './replication-reading.ts'

/** What a command returns: data for every renderer. Commands never print. */
export interface CommandResult {
  readonly command: string
  readonly outcome: Outcome
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly source: ServerSummary | null
  readonly target: ServerSummary | null
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  readonly databases: readonly DatabaseResult[]
  readonly planDigest?: string
  readonly estimatedSeconds?: number | null
  readonly jobs?: number
  /** Only from `cleanup`: in the order in which they're done; `dry-run` does none. */
  readonly steps?: readonly CleanupStep[]
}

/** Removes one thing of ours from one of the servers. */
export interface CleanupStep {
  readonly database: string
  readonly side: 'source' | 'target'
  /** "slot seren_replication_sub_shop". */
  readonly what: string
  /** Holds no secret. */
  readonly sql: string
  readonly done: boolean
}

export interface DatabaseResult {
  readonly name: string
  readonly action?: DatabaseAction
  readonly tables: readonly TableResult[]
  /** What isn't on the target since it needs an excluded table. */
  readonly leftOut?: readonly LeftOutObject[]
  /** Only from `verify`: objects that are missing, extra or different on the target. */
  readonly schemaDifferences?: readonly SchemaDifference[]
  readonly largeObjects?: { readonly count: bigint; readonly bytes: bigint; readonly verify?: 'equal' | 'different' }
  /** What follows the copy, at the last look. */
  readonly replication?: ReplicationResult
}

export interface LeftOutObject {
  /** "view public.film_list". */
  readonly object: string
  /** "table public.film": what it can't be without. */
  readonly needs: string
}

export interface ReplicationResult extends ReplicationReading {
  /** Only from `status`. */
  readonly gaps?: ReplicationGaps
}

export interface TableResult {
  readonly schema: string
  readonly name: string
  readonly rule: TableRule
  /** Only of filtered tables: the condition as the user gave it, and as the rows are chosen by, with the clock fixed. */
  readonly filter?: { readonly given: string; readonly used: string }
  readonly estimatedRows: bigint
  readonly heapBytes: bigint
  readonly toastBytes: bigint
  readonly indexBytes: bigint
  /** What `plan` decided: "binary" or "text", and how many parts. */
  readonly format?: 'binary' | 'text'
  readonly parts?: number
  readonly copiedRows?: bigint
  readonly copiedBytes?: bigint
  readonly seconds?: number
  /** It was complete before this run. */
  readonly resumed?: boolean
  readonly failure?: Problem
  readonly verify?: TableVerification
  /** What of its changes is to reach the target after the copy; null: nothing. Absent where nothing is followed. */
  readonly published?: Publishing | null
  /** Its rows are left to the target server's own table synchronisation. */
  readonly tableSync?: boolean
}

export interface TableVerification {
  readonly result: 'equal' | 'different' | 'skipped'
  readonly sourceRows: bigint | null
  readonly targetRows: bigint | null
  /** 32 hex digits each: two 64-bit sums. */
  readonly sourceChecksum: string | null
  readonly targetChecksum: string | null
  /** Why it was skipped or how it differs, in words. */
  readonly reason?: string
}

export interface SchemaDifference {
  readonly kind: 'missing' | 'extra' | 'different'
  /** "table", "index", "function", … */
  readonly object: string
  /** Quoted identity, as `pg_identify_object` spells it. */
  readonly identity: string
  readonly source?: string
  readonly target?: string
}
