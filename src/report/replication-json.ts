import type { z } from 'zod'
import type { LaneState } from '../plan/replication-state.ts'
import type { ReplicationResult } from '../plan/results.ts'
import type { replicationSchema } from './replication-schema.ts'
import { laneBytes, slotWords, subscriptionWords } from './replication-words.ts'

type Replication = z.infer<typeof replicationSchema>

export function replicationOf({ state, lag, lagBytes, retainedBytes, pace, gaps }: ReplicationResult): Replication {
  return {
    lagBytes: numberOf(lagBytes),
    lagSeconds: lag.atMost,
    lagSecondsAtLeast: lag.atLeast,
    measuredBy: lag.by,
    retainedBytes: numberOf(retainedBytes),
    ...pace,
    subscriptions: state.lanes.map((lane) => subscriptionOf(lane, state)),
    tables: state.tables.map(({ schema, name, lane, published, state: one }) => ({ schema, table: name, lane, published, state: one })),
    ...(gaps === undefined
      ? {}
      : {
          notReplicated: gaps.missing.map(({ schema, name }) => ({ schema, table: name })),
          drifted: gaps.drifted.map(({ schema, name, differences }) => ({ schema, table: name, differences: [...differences] })),
        }),
  }
}

function subscriptionOf(one: LaneState, state: ReplicationResult['state']): Replication['subscriptions'][number] {
  const { lane, slotName, slot, subscription, sender } = one
  const { lag, retained } = laneBytes(one, state)
  return {
    lane,
    name: subscription?.name ?? null,
    state: subscriptionWords(one),
    slot: slotName,
    slotState: slotWords(one, state),
    lagBytes: numberOf(lag),
    retainedBytes: numberOf(retained),
    safeBytes: numberOf(slot?.safeWalBytes),
    writeLagSeconds: sender?.writeLag ?? null,
    flushLagSeconds: sender?.flushLag ?? null,
    replayLagSeconds: sender?.replayLag ?? null,
    applyErrors: numberOf(subscription?.errors?.apply),
    syncErrors: numberOf(subscription?.errors?.sync),
    conflicts: Object.fromEntries((subscription?.errors?.conflicts ?? []).map(({ kind, count }) => [kind, Number(count)])),
  }
}

function numberOf(value: bigint | null | undefined): number | null {
  return value == null ? null : Number(value)
}
