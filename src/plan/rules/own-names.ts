import { slotName } from '../../sql/replication-names.ts'
import type { ObservedSlot } from '../observed-replication.ts'

/** Whether a slot bears the name that one of the database's lanes has, or would have. */
export function isSlotOf(database: string, slot: Pick<ObservedSlot, 'name'>): boolean {
  return isNumbered(slot.name, slotName(database, 1))
}

export function isOwnPublication(name: string): boolean {
  return isNumbered(name, 'seren_replication_pub') || isNumbered(name, 'seren_replication_pub_insert')
}

export function isOwnSubscription(name: string): boolean {
  return isNumbered(name, 'seren_replication_sub')
}

/** The first lane has no number. */
function isNumbered(name: string, first: string): boolean {
  return name.startsWith(first) && /^(_\d+)?$/.test(name.slice(first.length))
}
