import type { ObservedSlot } from '../observed-replication.ts'
import { isSlotOf } from './own-names.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** What this run adds, over all databases in scope. Each lane takes a slot and a sender there, a worker and an origin here. */
export interface LaneDemand {
  /** Lanes to be made; what a copy that goes on still has to copy is a lane of its own until `sync` merges it. */
  readonly lanes: number
  /** Lanes that are there already, whose slots nobody reads yet, or just now. */
  readonly unread: number
  /** Lanes that are there already, and have no enabled subscription. */
  readonly unsubscribed: number
  /** Slots of earlier runs, dropped before new ones are made. */
  readonly freed: number
  /** Workers that the target's own table synchronisation starts at once, each with a slot and a sender. */
  readonly tableSyncs: number
}

export function laneDemand(input: RuleInput): LaneDemand {
  const each = input.databases.map((database) => demandOf(input, database))
  const sum = (key: keyof LaneDemand) => each.reduce((total, one) => total + one[key], 0)
  return {
    lanes: sum('lanes'),
    unread: sum('unread'),
    unsubscribed: sum('unsubscribed'),
    freed: sum('freed'),
    tableSyncs: sum('tableSyncs'),
  }
}

function demandOf({ observed, config }: RuleInput, { pair, action, tables }: ScopedDatabase): LaneDemand {
  const { name } = pair.source
  const own = (observed.replication?.source.slots ?? []).filter((slot) => isSlotOf(name, slot))
  const goesOn = config.command === 'sync' || action === 'resume' || action === 'complete'
  // Those that `sync` finds have their lane.
  const synchronised = config.command === 'sync' ? 0 : tables.filter(({ tableSync, copied }) => tableSync && !copied).length
  const opens =
    config.command === 'sync'
      ? config.addTables
      : !goesOn || (action === 'resume' && tables.some(({ publish, copied }) => publish !== null && !copied))
  const subscriptions = (observed.replication?.target.subscriptions ?? []).filter(({ database, enabled }) => database === name && enabled)
  const isSubscribed = (slot: ObservedSlot) => subscriptions.some((one) => one.slot === slot.name)
  const atOnce = Number(observed.target.settings.get('max_sync_workers_per_subscription') ?? 2)
  return {
    lanes: (opens ? 1 : 0) + (synchronised > 0 ? 1 : 0),
    unread: goesOn ? own.filter(({ active }) => !active).length : 0,
    unsubscribed: goesOn ? own.filter((slot) => !isSubscribed(slot)).length : 0,
    freed: goesOn ? 0 : own.length,
    tableSyncs: Math.min(synchronised, atOnce),
  }
}
