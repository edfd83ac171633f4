import type { RelationName } from '../events.ts'
import type { Lsn } from '../sql/lsn.ts'
import { ownSchema } from '../sql/own-schema.ts'
import type { LaneMark } from '../sql/replication-mark.ts'
import { heartbeatName, type PublicationKind, slotName } from '../sql/replication-names.ts'
import type { ObservedPublication, ObservedSlot, ObservedSubscription } from './observed-replication.ts'
import type { LaneState, ReplicatedTable, ReplicationState, SenderState, SubscriptionState, SyncState } from './replication-state.ts'

/** What was read, by what it was read from. */
export interface ReplicationParts {
  readonly at: number
  readonly database: string
  /** System identifiers: what's marked for another server isn't this replication's. Empty: not known. */
  readonly identifiers: { readonly source: string; readonly target: string }
  readonly source: SourceParts | null
  readonly target: {
    /** Null: no ledger. */
    readonly ledger: readonly { readonly lane: number; readonly slot: string }[] | null
    /** Taken from their lanes to be copied anew. */
    readonly resyncs: readonly (RelationName & { readonly lane: number })[]
    readonly subscriptions: readonly ObservedSubscription[]
    readonly details: ReadonlyMap<number, SubscriptionParts>
  }
}

export interface SourceParts {
  readonly position: Lsn
  readonly publications: readonly ObservedPublication[]
  readonly slots: readonly ObservedSlot[]
  readonly senders: ReadonlyMap<number, SenderState>
}

export interface SubscriptionParts extends Omit<SubscriptionState, 'name' | 'enabled' | 'slot'> {
  readonly tables: readonly (RelationName & { readonly state: SyncState })[]
}

/** A lane is what any of ledger, publications and subscriptions knows of it: a run may have been killed between any two of them. */
export function composeReplicationState(parts: ReplicationParts): ReplicationState {
  const publications = (parts.source?.publications ?? []).filter(({ mark }) => isPeer(mark, parts.identifiers.target))
  const subscriptions = parts.target.subscriptions.filter(
    ({ mark, database }) => database === parts.database && isPeer(mark, parts.identifiers.source),
  )
  const marked = [...publications, ...subscriptions].flatMap(({ mark }) => mark ?? [])
  const numbers = new Set([...(parts.target.ledger ?? []), ...marked].map(({ lane }) => lane))
  const lanes = [...numbers].sort((a, b) => a - b).map((lane) => laneState(lane, parts, publications, subscriptions))
  return {
    at: parts.at,
    sourceLsn: parts.source?.position ?? null,
    lanes,
    tables: tablesOf(publications, subscriptions, parts.target),
  }
}

function isPeer(mark: LaneMark | null, identifier: string): boolean {
  return mark !== null && (mark.peer === identifier || mark.peer === '' || identifier === '')
}

function laneState(
  lane: number,
  { database, source, target }: ReplicationParts,
  publications: readonly ObservedPublication[],
  subscriptions: readonly ObservedSubscription[],
): LaneState {
  const own = publications.filter(({ mark }) => mark?.lane === lane)
  const subscription = subscriptions.find(({ mark }) => mark?.lane === lane)
  const named = subscription?.mark?.slot ?? own[0]?.mark?.slot ?? target.ledger?.find((one) => one.lane === lane)?.slot
  const name = named ?? slotName(database, lane)
  const slot = source?.slots.find((one) => one.name === name && one.database === database) ?? null
  return {
    lane,
    slotName: name,
    publications: own.map((one) => one.name),
    heartbeat: own.some(({ tables }) => tables.some((one) => one.schema === ownSchema && one.name === heartbeatName(lane))),
    slot,
    sender: slot?.activePid == null ? null : (source?.senders.get(slot.activePid) ?? null),
    subscription: subscription === undefined ? null : subscriptionState(subscription, target.details.get(subscription.oid)),
  }
}

/** Without details it was dropped between the two reads. */
function subscriptionState(
  { oid, name, enabled, slot }: ObservedSubscription,
  parts: SubscriptionParts | undefined,
): SubscriptionState | null {
  if (parts === undefined) return null
  const { workerPid, syncWorkers, receivedLsn, silentSeconds, errors } = parts
  return { oid, name, enabled, slot, workerPid, syncWorkers, receivedLsn, silentSeconds, errors }
}

/** While lanes are merged a table is in two publications; the lane that subscribes it is the one that brings it. */
function tablesOf(
  publications: readonly ObservedPublication[],
  subscriptions: readonly ObservedSubscription[],
  { details, resyncs }: ReplicationParts['target'],
): ReplicatedTable[] {
  const found = new Map<string, ReplicatedTable>(
    resyncs.map(({ schema, name, lane }) => [JSON.stringify([schema, name]), { schema, name, lane, published: null, state: null }]),
  )
  for (const { mark, tables, updates } of publications) {
    const published: PublicationKind = updates ? 'changes' : 'inserts'
    for (const { schema, name } of tables)
      found.set(JSON.stringify([schema, name]), { schema, name, lane: mark?.lane ?? 0, published, state: null })
  }
  for (const { mark, oid } of subscriptions) {
    for (const { schema, name, state } of details.get(oid)?.tables ?? []) {
      const key = JSON.stringify([schema, name])
      found.set(key, { schema, name, lane: mark?.lane ?? 0, published: found.get(key)?.published ?? null, state })
    }
  }
  return [...found.values()]
    .filter(({ schema }) => schema !== ownSchema)
    .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
