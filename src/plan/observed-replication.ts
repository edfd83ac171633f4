import type { Lsn } from '../sql/lsn.ts'
import type { LaneMark } from '../sql/replication-mark.ts'

/** What was read from both servers about replication, and tried. Only for commands that prepare or run it. */
export interface ObservedReplication {
  readonly source: {
    readonly slots: readonly ObservedSlot[]
    /** Of all databases; rows of pg_stat_replication. */
    readonly walSenders: number
    /** Bytes of WAL per second while we looked; null on a standby. */
    readonly walBytesPerSecond: number | null
    /** Superuser, REPLICATION, or a provider's role that stands for it (`rds_replication`, …). */
    readonly mayReplicate: boolean
    /** What became of a replication connection; null: it works. */
    readonly refusal: ObservedRefusal | null
  }
  readonly target: {
    /** Of all databases. */
    readonly subscriptions: readonly ObservedSubscription[]
    readonly origins: number
    /** Taken of max_worker_processes, by what stays: the launcher, apply workers, extensions' own. */
    readonly backgroundWorkers: number
    /** Superuser, member of pg_create_subscription (16+), or of a provider's role that stands for it. */
    readonly mayCreateSubscriptions: boolean
  }
  /** By name, of the databases in scope. */
  readonly databases: ReadonlyMap<string, ObservedReplicationDatabase>
}

/** What a server answered. */
export interface ObservedRefusal {
  /** Null: it didn't get so far that a server answered. */
  readonly sqlstate: string | null
  /** PostgreSQL's words, with its detail and hint. */
  readonly message: string
}

export interface ObservedReplicationDatabase {
  readonly publications: readonly ObservedPublication[]
  /** CREATE on the source database: publications and our schema can be made. */
  readonly canCreate: boolean
  /** Our schema on the source: where it's another's, there's no heartbeat. */
  readonly sourceSchema: 'absent' | 'ours' | 'foreign'
  /** What the source says of a row filter, by oid of the published table; tried in a transaction that is rolled back (15+). */
  readonly rowFilters: ReadonlyMap<number, ObservedRowFilter>
  /** What the target server said when it was made to dial the source; null: it reached it. Undefined: couldn't be tried yet. */
  readonly probe: ObservedRefusal | null | undefined
}

export interface ObservedRowFilter {
  /** PostgreSQL's words; null: it's legal. */
  readonly error: string | null
  /** Columns that it reads. */
  readonly columns: readonly string[]
}

export interface ObservedPublication {
  readonly name: string
  readonly mark: LaneMark | null
  readonly inserts: boolean
  readonly updates: boolean
  readonly deletes: boolean
  readonly truncates: boolean
  readonly tables: readonly { readonly oid: number; readonly schema: string; readonly name: string }[]
}

export interface ObservedSlot {
  readonly name: string
  /** Null: a physical one. */
  readonly database: string | null
  readonly plugin: string | null
  readonly active: boolean
  readonly activePid: number | null
  readonly restartLsn: Lsn | null
  readonly confirmedFlushLsn: Lsn | null
  /** `reserved`, `extended`, `unreserved`, `lost`; null before 13. */
  readonly walStatus: string | null
  /** Bytes that may still be written before it's lost; null: without limit, or before 13. */
  readonly safeWalBytes: bigint | null
}

export interface ObservedSubscription {
  readonly oid: number
  readonly database: string
  readonly name: string
  readonly mark: LaneMark | null
  readonly enabled: boolean
  readonly slot: string | null
  readonly publications: readonly string[]
}
