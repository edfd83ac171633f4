import type { Problem, Warning } from '../errors.ts'
import type { RelationName } from '../events.ts'
import type { LeftOut } from '../scope/scope-database.ts'
import type { PublicationKind } from '../sql/replication-names.ts'
import type { RowRange } from '../sql/row-range.ts'
import type { ComesAlong, LedgerTable, ObservedDatabase, ObservedServer, RelationKind } from './observed.ts'
import type { ScopeChange } from './scope-change.ts'

/** What `init` will do, decided before it does anything. `plan` shows it, `init` executes it. */
export interface Plan {
  /** Over scope, options and both system identifiers: the same digest means the same plan. */
  readonly digest: string
  readonly source: ServerSummary
  readonly target: ServerSummary
  readonly jobs: number
  readonly databases: readonly DatabasePlan[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  /** From the probe; null where there was nothing to measure with. */
  readonly estimatedSeconds: number | null
}

/** What reports may say of a server: never a user's password or URL. */
export type ServerSummary = Pick<ObservedServer, 'host' | 'port' | 'version' | 'versionNumber' | 'systemIdentifier'>

export type DatabaseAction =
  /** It isn't there: created as the source's. */
  | 'create'
  /** It's there without data. */
  | 'fill'
  /** It's there, with our ledger, unfinished: goes on. */
  | 'resume'
  /** It's there, with our ledger, and complete under the same fingerprint: nothing to copy. */
  | 'complete'
  /** It holds data, and `drop-existing` was given; or our own unfinished copy, and `no-resume`. */
  | 'recreate'

export interface DatabasePlan {
  readonly name: string
  readonly action: DatabaseAction
  readonly source: ObservedDatabase
  /** Ties the ledger to scope, filters and the source's identity. */
  readonly fingerprint: string
  /** What the fingerprint is of, for the ledger. */
  readonly scope: readonly LedgerTable[]
  /** The copy that goes on was begun under another: what becomes of that. */
  readonly change: ScopeChange | null
  /** The moment that time filters' windows count from; the ledger keeps it. */
  readonly asOf: string
  readonly tables: readonly TablePlan[]
  /** What isn't on the target since it needs an excluded table, views among it. */
  readonly leftOut: readonly LeftOut[]
  /** Foreign keys that the rows must still keep when they're copied. */
  readonly keyChecks: readonly KeyCheck[]
  /** The source has TimescaleDB, in this schema and version: the target must be told of the restore. */
  readonly timescaledb: { readonly schema: string; readonly version: string } | null
  readonly largeObjects: bigint
  readonly largeObjectBytes: bigint
  readonly estimatedSeconds: number | null
  /** Null: a snapshot, or nothing to follow it. */
  readonly replication: ReplicationPlan | null
}

export interface KeyCheck {
  readonly name: string
  readonly child: RelationName
  readonly parent: RelationName
  /** Counts the rows that are selected without their parent. */
  readonly countSql: string
}

export interface ReplicationPlan {
  /** A marker of ours is published with each lane. */
  readonly heartbeat: boolean
  /** Some tables' inserts alone are published: every lane has a second publication for those. */
  readonly inserts: boolean
  /** Both servers have 17 or later. */
  readonly failover: boolean
}

/** In which of its lane's publications a table is. */
export type Publishing = PublicationKind

/**
 * What becomes of a table. `excluded`: not even its structure; views and sequences are in the plan only when excluded. `empty`: a partitioned
 * table, whose rows are its partitions', or a materialized view, which is refreshed; a materialized view that is `schema-only` isn't.
 */
export type TableRule = 'copy' | 'filtered' | 'schema-only' | 'excluded' | 'empty'

export interface TablePlan {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  /** The relation that it follows in everything: a chunk its hypertable. */
  readonly partOf: number | null
  /** It's a member of that extension, which puts rows of its own into it: the copied ones come on top, so it's never truncated. */
  readonly extension: string | null
  readonly rule: TableRule
  /** SQL predicate of a filter, with cut-off times and all that reads the clock already literal. */
  readonly predicate: string | null
  /** The filter as the user gave it, where that's another text. */
  readonly predicateGiven: string | null
  /** Set where the predicate finds, by reading other tables, rows that come along. */
  readonly comesAlong?: ComesAlong
  /** In order of the table, without generated ones. */
  readonly columns: readonly string[]
  readonly format: 'binary' | 'text'
  readonly parts: readonly TablePart[]
  readonly estimatedRows: bigint
  readonly heapBytes: bigint
  readonly toastBytes: bigint
  readonly indexBytes: bigint
  readonly indexes: number
  /** Rows and parts already there, from the ledger. */
  readonly copied: boolean
  /** Null: its changes aren't followed. */
  readonly publish: Publishing | null
  /** `replica-identity: full`, and it has no other: set on the source before it's published. */
  readonly setIdentityFull: boolean
  /** Too big for the time budget: left to the target server's own table synchronisation, in a lane of its own. */
  readonly tableSync: boolean
}

/** Which rows of a table one COPY takes. */
export type TablePart = RowRange
