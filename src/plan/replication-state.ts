import type { RelationName } from '../events.ts'
import type { Lsn } from '../sql/lsn.ts'
import type { PublicationKind } from '../sql/replication-names.ts'
import type { ObservedSlot } from './observed-replication.ts'

/** Replication of one database at one moment, as both servers tell it. Null is what isn't known, or isn't there; never 0. */
export interface ReplicationState {
  /** Seconds, from any origin: for differences alone. */
  readonly at: number
  /** The source's current position; null: the source couldn't be read, and nothing that is known of it alone either. */
  readonly sourceLsn: Lsn | null
  readonly lanes: readonly LaneState[]
  /** Of all lanes, by name, our own markers left out. */
  readonly tables: readonly ReplicatedTable[]
}

/** What one lane has, of what it should have: publications, slot and subscription. */
export interface LaneState {
  readonly lane: number
  readonly slotName: string
  /** Ours that are there, on the source. */
  readonly publications: readonly string[]
  /** A marker is published with it. */
  readonly heartbeat: boolean
  readonly slot: ObservedSlot | null
  readonly sender: SenderState | null
  readonly subscription: SubscriptionState | null
}

/** A row of pg_stat_replication. Its lags are NULL on an idle source, and in seconds. */
export interface SenderState {
  readonly pid: number
  /** `startup`, `catchup`, `streaming`, `backup`, `stopping`; null where the role may not see it. */
  readonly state: string | null
  readonly writeLag: number | null
  readonly flushLag: number | null
  readonly replayLag: number | null
}

export interface SubscriptionState {
  readonly oid: number
  readonly name: string
  readonly enabled: boolean
  readonly slot: string | null
  /** Of the apply worker; null: it isn't running. */
  readonly workerPid: number | null
  /** Table synchronisation workers that are at it. */
  readonly syncWorkers: number
  readonly receivedLsn: Lsn | null
  /** Seconds since the source was last heard of. */
  readonly silentSeconds: number | null
  /** Since its statistics were reset; null before 15. */
  readonly errors: WorkerErrors | null
}

export interface WorkerErrors {
  readonly apply: bigint
  readonly sync: bigint
  /** By kind (`insert_exists`, …), those that occurred; from 18 on. */
  readonly conflicts: readonly { readonly kind: string; readonly count: bigint }[]
}

export interface ReplicatedTable extends RelationName {
  readonly lane: number
  /** Null: no publication of ours has it any more, or the source couldn't be read. */
  readonly published: PublicationKind | null
  /** Null: no subscription of ours has it yet. */
  readonly state: SyncState | null
}

/** What is written to it arrives. Where the source couldn't be read, nobody knows what it publishes. */
export function isReady({ state, published }: ReplicatedTable, { sourceLsn }: Pick<ReplicationState, 'sourceLsn'>): boolean {
  return state === 'ready' && (published !== null || sourceLsn === null)
}

/** `pg_subscription_rel.srsubstate`: i, d, f, s, r. https://www.postgresql.org/docs/current/catalog-pg-subscription-rel.html */
export type SyncState = 'initialize' | 'copying' | 'copied' | 'synchronized' | 'ready'
