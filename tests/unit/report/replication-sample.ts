import { problem, warning } from '../../../src/errors.ts'
import { noGaps } from '../../../src/plan/replication-reading.ts'
import type { LaneState, ReplicatedTable } from '../../../src/plan/replication-state.ts'
import type { CommandResult, ReplicationResult } from '../../../src/plan/results.ts'
import { lsn } from '../../../src/sql/lsn.ts'
import { result } from './sample.ts'

const megabyte = 1024n * 1024n

export function lane(more: Partial<LaneState> = {}): LaneState {
  const slot = { name: 'seren_replication_sub_shop', database: 'shop', plugin: 'pgoutput', active: true, activePid: 7 }
  const positions = { restartLsn: lsn(100n * megabyte), confirmedFlushLsn: lsn(110n * megabyte) }
  return {
    lane: 1,
    slotName: 'seren_replication_sub_shop',
    publications: ['seren_replication_pub'],
    heartbeat: true,
    slot: { ...slot, ...positions, walStatus: 'reserved', safeWalBytes: null },
    sender: { pid: 7, state: 'streaming', writeLag: 0.001, flushLag: 0.2, replayLag: null },
    subscription: {
      oid: 16_400,
      name: 'seren_replication_sub',
      enabled: true,
      slot: 'seren_replication_sub_shop',
      workerPid: 8,
      syncWorkers: 0,
      receivedLsn: lsn(110n * megabyte),
      silentSeconds: 0.1,
      errors: { apply: 0n, sync: 0n, conflicts: [] },
    },
    ...more,
  }
}

export function followedTable(more: Partial<ReplicatedTable> = {}): ReplicatedTable {
  return { schema: 'public', name: 'film', lane: 1, published: 'changes', state: 'ready', ...more }
}

export function replication(more: Partial<ReplicationResult> = {}): ReplicationResult {
  return {
    state: { at: 5, sourceLsn: lsn(112n * megabyte), lanes: [lane()], tables: [followedTable(), followedTable({ name: 'actor' })] },
    lagBytes: 2n * megabyte,
    retainedBytes: 12n * megabyte,
    lag: { atLeast: 0.25, atMost: 0.25, by: 'heartbeat' },
    pace: { walBytesPerSecond: 1000, catchUpBytesPerSecond: 100_000, secondsLeft: 20.9, secondsToLoss: null },
    findings: [],
    gaps: noGaps,
    ...more,
  }
}

export function statusResult(one: ReplicationResult = replication(), more: Partial<CommandResult> = {}): CommandResult {
  return result('status', [], { databases: [{ name: 'shop', tables: [], replication: one }], ...more })
}

/** Nothing of the source, one lane without subscription, one that fails. */
export const broken = replication({
  state: {
    at: 5,
    sourceLsn: null,
    lanes: [lane({ slot: null, sender: null, subscription: null }), lane({ lane: 2, slot: null, sender: null })],
    tables: [followedTable({ published: null, state: 'copying' })],
  },
  lagBytes: null,
  retainedBytes: null,
  lag: { atLeast: null, atMost: null, by: null },
  pace: { walBytesPerSecond: null, catchUpBytesPerSecond: null, secondsLeft: null, secondsToLoss: null },
  findings: [problem('apply-failed', 'it fails'), warning('wal-retained', 'much is kept')],
})
