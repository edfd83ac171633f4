import type {
  ObservedReplication,
  ObservedReplicationDatabase,
  ObservedSlot,
  ObservedSubscription,
} from '../../../src/plan/observed-replication.ts'
import { lsn } from '../../../src/sql/lsn.ts'

/** Nothing of replication is there yet, and there's room for it. */
export function replication(
  overrides: {
    readonly source?: Partial<ObservedReplication['source']>
    readonly target?: Partial<ObservedReplication['target']>
    readonly database?: Partial<ObservedReplicationDatabase>
  } = {},
  ...databases: readonly string[]
): ObservedReplication {
  const one: ObservedReplicationDatabase = {
    publications: [],
    canCreate: true,
    sourceSchema: 'absent',
    rowFilters: new Map(),
    probe: null,
    ...overrides.database,
  }
  return {
    source: { slots: [], walSenders: 0, walBytesPerSecond: 0, mayReplicate: true, refusal: null, ...overrides.source },
    target: { subscriptions: [], origins: 0, backgroundWorkers: 1, mayCreateSubscriptions: true, ...overrides.target },
    databases: new Map((databases.length > 0 ? databases : ['shop']).map((name) => [name, one])),
  }
}

export function slot(name: string, more: Partial<ObservedSlot> = {}): ObservedSlot {
  return {
    name,
    database: 'shop',
    plugin: 'pgoutput',
    active: false,
    activePid: null,
    restartLsn: lsn(1n),
    confirmedFlushLsn: lsn(1n),
    walStatus: 'reserved',
    safeWalBytes: null,
    ...more,
  }
}

export function subscription(name: string, more: Partial<ObservedSubscription> = {}): ObservedSubscription {
  return { oid: 1, database: 'shop', name, mark: null, enabled: true, slot: name, publications: [], ...more }
}
