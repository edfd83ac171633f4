import type { ForeignKeyDefinition } from './definitions.ts'
import type { ObservedPublication, ObservedSlot, ObservedSubscription } from './observed-replication.ts'

/** What was read from both servers to find what is ours. Null sides: that server couldn't be reached. */
export interface ObservedCleanup {
  readonly source: { readonly systemIdentifier: string; readonly slots: readonly ObservedSlot[] } | null
  readonly target: { readonly systemIdentifier: string; readonly subscriptions: readonly ObservedSubscription[] } | null
  readonly databases: readonly ObservedCleanupDatabase[]
}

export interface ObservedCleanupDatabase {
  readonly name: string
  /** Null: that server has no such database, or can't be reached. */
  readonly source: OwnOnSource | null
  readonly target: OwnOnTarget | null
}

export interface OwnOnSource {
  readonly oid: number
  readonly publications: readonly ObservedPublication[]
  readonly schema: OwnSchema | null
  /** Tables of the ledger's note whose replica identity is FULL. */
  readonly identities: readonly ObservedIdentity[]
  readonly foreignKeys: readonly ForeignKeyDefinition[]
}

export interface OwnOnTarget {
  readonly subscriptions: readonly OwnSubscription[]
  readonly schema: OwnSchema | null
  readonly ledger: OwnLedger | null
  /** Keys of tables, as JSON of schema and name. */
  readonly tables: ReadonlySet<string>
  /** Keys of foreign keys, as JSON of schema, table and name: whether they're validated. */
  readonly foreignKeys: ReadonlyMap<string, boolean>
}

export interface OwnSubscription extends ObservedSubscription {
  /** Slots of PostgreSQL's own table synchronisation that it may have on the source. */
  readonly syncSlots: readonly string[]
  readonly unreadyTables: number
}

/** Our schema; null where it's missing or bears no mark of ours. */
export interface OwnSchema {
  readonly heartbeats: readonly OwnHeartbeat[]
  readonly ledgerTables: readonly string[]
  /** What isn't ours: "view seren_replicator.lag". */
  readonly others: readonly string[]
}

export interface OwnHeartbeat {
  readonly name: string
  /** Of this database: names of those that publish it, and oids of those that write it. */
  readonly publications: readonly string[]
  readonly subscriptions: readonly number[]
}

export interface OwnLedger {
  readonly sourceSystemIdentifier: string
  readonly sourceDatabaseOid: number
  readonly complete: boolean
  readonly lanes: readonly { readonly lane: number; readonly slot: string | null }[]
  readonly slotsLeft: readonly string[]
  readonly identities: readonly NotedIdentity[]
  /** Of the noted roles, those that we're still members of by our own grant. */
  readonly lentRoles: readonly string[]
}

export interface NotedIdentity {
  readonly schema: string
  readonly name: string
  readonly was: string
}

export interface ObservedIdentity extends NotedIdentity {
  /** Publications that it's in and that publish updates or deletes: without an identity these would fail. */
  readonly publications: readonly string[]
}
