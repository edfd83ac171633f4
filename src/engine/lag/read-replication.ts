import { readLedgerSlots, readResyncs } from '../../pg/catalog/replication/lanes.ts'
import { readPublications } from '../../pg/catalog/replication/publications.ts'
import { readSenders } from '../../pg/catalog/replication/senders.ts'
import { readSlots } from '../../pg/catalog/replication/slots.ts'
import { readSubscriptionStates } from '../../pg/catalog/replication/subscription-states.ts'
import { readSubscriptions } from '../../pg/catalog/replication/subscriptions.ts'
import { readWalPosition } from '../../pg/catalog/replication/wal-position.ts'
import { readStandingRelations } from '../../pg/catalog/standing-relations.ts'
import type { Session } from '../../pg/session.ts'
import { composeReplicationState, type ReplicationParts, type SourceParts } from '../../plan/compose-replication-state.ts'
import type { ReplicationState } from '../../plan/replication-state.ts'
import { qualified } from '../../sql/identifier.ts'

export interface ReplicationSessions {
  /** In the database itself; null: it can't be reached. */
  readonly source: Session | null
  readonly target: Session
  readonly database: string
  /** System identifiers; empty where they aren't known. */
  readonly identifiers: { readonly source: string; readonly target: string }
}

/** Where replication of a database stands, from the catalogs of both servers alone. */
export async function readReplication({ source, target, database, identifiers }: ReplicationSessions): Promise<ReplicationState> {
  const [fromSource, fromTarget] = await Promise.all([source === null ? null : readSource(source), readTarget(target)])
  const state = composeReplicationState({ at: performance.now() / 1000, database, identifiers, source: fromSource, target: fromTarget })
  return source === null || fromSource === null ? state : withoutDropped(source, state)
}

/** A subscription lists tables that were dropped or renamed on the source for as long as it isn't refreshed: nothing of theirs can arrive. */
async function withoutDropped(source: Session, state: ReplicationState): Promise<ReplicationState> {
  const unpublished = state.tables.filter(({ published }) => published === null)
  if (unpublished.length === 0) return state
  const there = new Set((await readStandingRelations(source, unpublished)).map(qualified))
  return { ...state, tables: state.tables.filter((table) => table.published !== null || there.has(qualified(table))) }
}

/** The position last: what a slot has confirmed is never past it. Null for a standby, which says nothing of what is written. */
async function readSource(session: Session): Promise<SourceParts | null> {
  const publications = await readPublications(session)
  const senders = await readSenders(session)
  const slots = await readSlots(session)
  const written = await readWalPosition(session)
  return written === null ? null : { publications, senders, slots, position: written.position }
}

async function readTarget(session: Session): Promise<ReplicationParts['target']> {
  const ledger = await readLedgerSlots(session)
  const resyncs = await readResyncs(session)
  const subscriptions = await readSubscriptions(session)
  return { ledger, resyncs, subscriptions, details: await readSubscriptionStates(session) }
}
