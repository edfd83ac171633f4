import { describe, expect, test } from 'vitest'
import { composeReplicationState, type ReplicationParts } from '../../../src/plan/compose-replication-state.ts'
import { unmet } from '../../../src/plan/gate.ts'
import { isFailing, judgeReplication } from '../../../src/plan/judge-replication.ts'
import { furthestBehind, unknownLag } from '../../../src/plan/lag-measure.ts'
import type { ObservedPublication, ObservedSubscription } from '../../../src/plan/observed-replication.ts'
import { findGaps, gapWarnings } from '../../../src/plan/replication-gaps.ts'
import { lagBytes, paceOf, unknownPace } from '../../../src/plan/replication-pace.ts'
import type { LaneState, ReplicationState } from '../../../src/plan/replication-state.ts'
import { lsn } from '../../../src/sql/lsn.ts'
import { followedTable, lane, replication } from '../report/replication-sample.ts'
import { config } from '../support/config.ts'

const state = (more: Partial<ReplicationState> = {}): ReplicationState => ({ ...replication().state, ...more })
const judge = (now: ReplicationState, earlier?: ReplicationState) =>
  judgeReplication({ database: 'shop', earlier, state: now, pace: unknownPace, reasons: new Map([[1, 'the reason']]) })
const working = (more: Partial<NonNullable<LaneState['subscription']>>, errors = 0n): LaneState => {
  const { subscription } = lane()
  if (subscription === null) throw new Error('the sample has one')
  return lane({ subscription: { ...subscription, errors: { apply: errors, sync: 0n, conflicts: [] }, ...more } })
}

describe('what a lane is put together from', () => {
  const mark = { lane: 2, slot: 'slot_2', peer: 'target', database: 'shop' }
  const kinds = { inserts: true, updates: true, deletes: true, truncates: true }
  const publication: ObservedPublication = { name: 'p', mark, ...kinds, tables: [{ oid: 1, schema: 'public', name: 'a' }] }
  const subscription: ObservedSubscription = {
    ...{ oid: 5, database: 'shop', name: 's', enabled: true, slot: 'slot_2', publications: ['p'] },
    mark: { ...mark, peer: 'source' },
  }
  const parts = (more: Partial<ReplicationParts['target']>, publications = [publication]): ReplicationParts => ({
    ...{ at: 1, database: 'shop', identifiers: { source: 'source', target: 'target' } },
    source: { position: lsn(9n), publications, slots: [], senders: new Map() },
    target: { ledger: null, resyncs: [], subscriptions: [], details: new Map(), ...more },
  })
  const lanesOf = (given: ReplicationParts) => composeReplicationState(given).lanes.map((one) => one.lane)

  test('any of ledger, publication and subscription makes one', () => {
    expect(lanesOf(parts({ ledger: [{ lane: 1, slot: 'slot_1' }], subscriptions: [subscription] }))).toEqual([1, 2])
    expect(composeReplicationState(parts({})).lanes).toMatchObject([{ slotName: 'slot_2', slot: null, subscription: null }])
  })

  test("what's marked for other servers or databases isn't this replication's", () => {
    const foreign = { ...publication, mark: { ...mark, peer: 'other' } }
    expect(lanesOf(parts({}, [foreign, { ...publication, mark: null }]))).toEqual([])
    expect(lanesOf(parts({ subscriptions: [{ ...subscription, database: 'other' }] }, []))).toEqual([])
  })

  test('a table that is to be copied anew stays one, until it has a state again', () => {
    const resyncs = [
      { schema: 'public', name: 'a', lane: 2 },
      { schema: 'public', name: 'b', lane: 2 },
    ]
    expect(composeReplicationState(parts({ resyncs })).tables).toMatchObject([
      { name: 'a', published: 'changes', state: null },
      { name: 'b', published: null, state: null },
    ])
  })

  test('a table is the lane’s that subscribes it', () => {
    const one = { oid: 5, workerPid: 1, syncWorkers: 0, receivedLsn: null, silentSeconds: null, errors: null }
    const details = new Map([[5, { ...one, tables: [{ schema: 'public', name: 'a', state: 'ready' as const }] }]])
    const merging = { ...publication, name: 'p1', mark: { ...mark, lane: 1 } }
    const { tables } = composeReplicationState(parts({ subscriptions: [subscription], details }, [publication, merging]))
    expect(tables).toEqual([{ schema: 'public', name: 'a', lane: 2, published: 'changes', state: 'ready' }])
  })
})

describe('figures', () => {
  test('the lane that is furthest behind stands for all; unknown of one is unknown', () => {
    expect(lagBytes(state())).toBe(2n * 1024n * 1024n)
    expect(lagBytes(state({ lanes: [lane(), lane({ slot: null })] }))).toBeNull()
    expect(lagBytes(state({ sourceLsn: null }))).toBeNull()
    const exact = { atLeast: 1, atMost: 1, by: 'heartbeat' } as const
    expect(furthestBehind([exact, { atLeast: 4, atMost: null, by: 'heartbeat' }])).toEqual({ atLeast: 4, atMost: null, by: 'heartbeat' })
    expect(furthestBehind([exact, unknownLag])).toBe(unknownLag)
    expect(furthestBehind([])).toBe(unknownLag)
  })

  test('rates, time left, time until WAL is removed', () => {
    const slot = lane().slot
    if (slot === null) throw new Error('the sample has one')
    const at = (seconds: number, written: bigint, confirmed: bigint) =>
      state({
        at: seconds,
        sourceLsn: lsn(written),
        lanes: [lane({ slot: { ...slot, confirmedFlushLsn: lsn(confirmed), safeWalBytes: 1000n } })],
      })
    expect(paceOf(at(0, 1000n, 0n), at(10, 2000n, 1500n))).toEqual({
      walBytesPerSecond: 100,
      catchUpBytesPerSecond: 50,
      secondsLeft: 10,
      secondsToLoss: 10,
    })
    expect(paceOf(at(0, 1000n, 900n), at(10, 2000n, 900n))).toMatchObject({ catchUpBytesPerSecond: -100, secondsLeft: null })
    expect(paceOf(at(0, 1000n, 0n), at(0.5, 2000n, 0n))).toBe(unknownPace)
    expect(paceOf(undefined, at(0, 1n, 0n))).toBe(unknownPace)
  })
})

describe('a worker fails', () => {
  test.each([
    ['streams', working({}), working({}), false],
    ['is away for a moment', working({ workerPid: null }), working({}), false],
    ['is away at two looks', working({ workerPid: null }), working({ workerPid: null }), true],
    ['was started anew', working({ workerPid: 9 }), working({}), true],
    ['came back', working({}), working({ workerPid: null }), false],
    ['counted an error', working({}, 2n), working({}, 1n), true],
    ['is disabled', working({ workerPid: null, enabled: false }), working({ workerPid: null }), false],
  ])('%s', (_, now, before, fails) => expect(isFailing(now, before)).toBe(fails))

  test('and is said to, with the reason', () => {
    const away = state({ lanes: [working({ workerPid: null })] })
    expect(judge(away, away)).toMatchObject([
      { code: 'apply-failed', severity: 'problem', message: expect.stringContaining(': the reason') },
    ])
  })
})

describe('findings', () => {
  const slot = (more: object): LaneState => lane({ slot: { ...lane().slot, ...more } as LaneState['slot'] })
  test.each([
    ['nothing of ours', state({ lanes: [] }), ['problem not-prepared']],
    ['a level one', state(), []],
    ['no subscription yet', state({ lanes: [lane({ subscription: null })] }), ['warning not-prepared']],
    ['a disabled one', state({ lanes: [working({ enabled: false })] }), ['problem apply-failed']],
    ['no slot', state({ lanes: [lane({ slot: null })] }), ['problem slot-lost']],
    ['no source: nothing is said of what it alone knows', state({ lanes: [lane({ slot: null, publications: [] })], sourceLsn: null }), []],
    ['a lost slot', state({ lanes: [slot({ walStatus: 'lost' })] }), ['problem slot-lost']],
    ['one that will be', state({ lanes: [slot({ walStatus: 'unreserved' })] }), ['warning wal-retained']],
    [
      'one that nobody reads',
      state({ lanes: [slot({ active: false, restartLsn: 0n })], sourceLsn: lsn(2n ** 31n) }),
      ['warning wal-retained'],
    ],
    [
      'no publication',
      state({ lanes: [lane({ publications: [] })], tables: [followedTable({ published: null })] }),
      ['problem not-prepared'],
    ],
    ['a table without publication', state({ tables: [followedTable({ published: null })] }), ['warning table-not-replicated']],
    ['a table to be copied anew', state({ tables: [followedTable({ published: null, state: null })] }), ['warning table-not-replicated']],
    ['a table without subscription', state({ tables: [followedTable({ state: null })] }), ['warning table-not-replicated']],
  ])('%s', (_, now, found) => expect(judge(now).map(({ severity, code }) => `${severity} ${code}`)).toEqual(found))
})

describe('the gate', () => {
  const thresholds = { maxLagBytes: 5_000_000n, maxLagSeconds: 1 }
  test.each([
    ['holds', replication(), []],
    [
      'a table',
      replication({ state: state({ tables: [followedTable(), followedTable({ name: 'x', state: 'copying' })] }) }),
      ['1 table of 2 not ready: public.x'],
    ],
    [
      'a table that is not published any more',
      replication({ state: state({ tables: [followedTable(), followedTable({ name: 'x', published: null })] }) }),
      ['1 table of 2 not ready: public.x'],
    ],
    ['bytes', replication({ lagBytes: 5_000_001n }), ['the lag is 5,000,001 bytes, more than 5,000,000']],
    ['unknown bytes', replication({ lagBytes: null }), ['the lag in bytes is not known']],
    ['seconds', replication({ lag: { atLeast: 2, atMost: 2, by: 'heartbeat' } }), ['the lag is 2.0 s, more than 1 s']],
    [
      'seconds that are a lower bound',
      replication({ lag: { atLeast: 0.5, atMost: null, by: 'heartbeat' } }),
      ['the lag is at least 0.5 s, and may be more than 1 s'],
    ],
    ['an upper bound is enough', replication({ lag: { atLeast: 0, atMost: 0.9, by: 'message' } }), []],
    ['unknown seconds', replication({ lag: unknownLag }), ['the lag in seconds is not known']],
    [
      'no worker',
      replication({ state: state({ lanes: [working({ workerPid: null })] }) }),
      ['the worker of seren_replication_sub isn’t running'],
    ],
    ['no subscription', replication({ state: state({ lanes: [lane({ subscription: null })] }) }), ['lane 1 isn’t subscribed yet']],
    ['a problem, by its code', replication({ findings: judge(state({ lanes: [] })) }), ['not-prepared']],
  ])('%s', (_, reading, reasons) => expect(unmet(reading, thresholds)).toEqual(reasons))

  test('a lag that is more than none is not said to be none', () => {
    const reading = replication({ lag: { atLeast: 0.0004, atMost: 0.0004, by: 'heartbeat' } })
    expect(unmet(reading, { maxLagBytes: undefined, maxLagSeconds: 0 })).toEqual(['the lag is 0.001 s, more than 0 s'])
  })
})

describe('gaps', () => {
  const relation = (oid: number, name: string, more: object = {}) => ({
    ...{
      oid,
      schema: 'public',
      name,
      kind: 'table' as const,
      parents: [],
      isPartition: false,
      partOf: null,
      extensionData: null,
      unlogged: false,
    },
    ...more,
  })
  const gapsOf = (tables: ReturnType<typeof relation>[], published: string[], rules = config().scope) =>
    findGaps({
      rules,
      database: 'shop',
      others: [],
      tables,
      replicated: published.map((name) => followedTable({ name })),
      keyless: [],
      columns: { source: [], target: [] },
    })

  test('tables that no publication has, partitions of one that is published whole left out', () => {
    const tables = [
      relation(1, 'a'),
      relation(2, 'b'),
      relation(3, 'u', { unlogged: true }),
      { ...relation(4, 'top'), kind: 'partitioned' as const },
      relation(5, 'leaf', { parents: [4], isPartition: true }),
    ]
    expect(gapsOf(tables as never, ['a', 'top']).missing).toEqual([{ schema: 'public', name: 'b' }])
    expect(gapsOf(tables as never, ['a']).missing.map(({ name }) => name)).toEqual(['b', 'leaf'])
    const rules = { ...config().scope, excludeTables: [{ text: 'b', parts: [{ text: 'b', quoted: false }] }] }
    expect(gapsOf(tables as never, ['a', 'top'], rules).missing).toEqual([])
  })

  test('columns', () => {
    const columns = (...all: [string, string][]) => [{ schema: 'public', name: 'a', columns: all.map(([name, type]) => ({ name, type })) }]
    const source = columns(['id', 'integer'], ['n', 'text'], ['new', 'text'])
    const target = columns(['n', 'character varying(5)'], ['id', 'integer'], ['old', 'text'])
    const { drifted } = findGaps({
      rules: config().scope,
      database: 'shop',
      others: [],
      tables: [],
      replicated: [],
      keyless: [],
      columns: { source, target },
    })
    expect(gapWarnings('shop', { missing: [], drifted, keyless: [] })).toMatchObject([
      {
        code: 'columns-drifted',
        message:
          'public.a: column n is text on the source, character varying(5) on the target, column new is missing on the target, column old is missing on the source.',
      },
    ])
  })
})
