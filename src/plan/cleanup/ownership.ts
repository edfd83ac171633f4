import type { ObservedCleanup, ObservedCleanupDatabase, OwnSubscription } from '../observed-cleanup.ts'
import type { ObservedSubscription } from '../observed-replication.ts'

/** What is this source's and this target's, and what of it is somebody else's all the same. */

/** Whether the database's ledger, if it has one, is of this source; of one that can't be asked, that's taken for granted. */
export function isLedgerOfSource({ source }: ObservedCleanup, { target }: ObservedCleanupDatabase): boolean {
  return isSame(source?.systemIdentifier, target?.ledger?.sourceSystemIdentifier)
}

/** Empty: the role may not know it. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return !one || !other || one === other
}

/** The database's subscriptions that are ours, and of this source. */
export function ownSubscriptions(observed: ObservedCleanup, { target }: ObservedCleanupDatabase): OwnSubscription[] {
  const source = observed.source?.systemIdentifier
  return (target?.subscriptions ?? []).filter(({ mark }) => mark !== null && isSame(source, mark.peer))
}

/** Subscriptions that stay on the target server, in whatever database: of other sources, of databases out of scope, without our mark. */
export function remainingSubscriptions(observed: ObservedCleanup): ObservedSubscription[] {
  const key = (one: ObservedSubscription) => JSON.stringify([one.database, one.name])
  const dropped = new Set(observed.databases.flatMap((one) => ownSubscriptions(observed, one).map(key)))
  return (observed.target?.subscriptions ?? []).filter((one) => !dropped.has(key(one)))
}

/** Without its slot it would fail for ever. */
export function remainingUserOf(observed: ObservedCleanup, slot: string): ObservedSubscription | undefined {
  return remainingSubscriptions(observed).find((one) => one.slot === slot)
}

/** Slots that ledger and subscriptions on the target name as this database's, and that nothing which remains uses. */
export function knownSlots(observed: ObservedCleanup, database: ObservedCleanupDatabase): Set<string> {
  const { source, target } = database
  const ledger = target?.ledger
  // A database that was made anew has lost its slots with the old one.
  const valid = ledger && isLedgerOfSource(observed, database) && (source === null || source.oid === ledger.sourceDatabaseOid)
  const named = [
    ...(valid ? [...ledger.lanes.flatMap(({ slot }) => slot ?? []), ...ledger.slotsLeft] : []),
    ...ownSubscriptions(observed, database).flatMap(({ slot, syncSlots }) => [...(slot === null ? [] : [slot]), ...syncSlots]),
  ]
  return new Set(named.filter((slot) => remainingUserOf(observed, slot) === undefined))
}

export function isNamedAsOurs(subscription: string): boolean {
  return /^seren_replication_sub(_\d+)?$/.test(subscription)
}
