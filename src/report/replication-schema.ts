import { z } from 'zod'

const bytes = z.int().nonnegative()
const seconds = z.number().nonnegative()
const rate = z.number().describe('Bytes per second.')

const subscription = z.strictObject({
  lane: z.int().positive(),
  name: z.string().nullable().describe("Null: it isn't there."),
  state: z.string().describe('In words: `streaming`, `catching up`, `disabled`, …'),
  slot: z.string(),
  slotState: z.string().describe('In words: `active`, `not read`, `unreserved`, `lost`, `missing`, `unknown`.'),
  lagBytes: bytes.nullable(),
  retainedBytes: bytes.nullable(),
  safeBytes: z.int().nullable().describe('WAL that may still be written before the slot is lost; null: without limit, or not known.'),
  writeLagSeconds: seconds.nullable().describe('As pg_stat_replication has it: null on an idle source, and where the role may not see it.'),
  flushLagSeconds: seconds.nullable(),
  replayLagSeconds: seconds.nullable(),
  applyErrors: z.int().nonnegative().nullable().describe("Since the target's statistics were reset; null before 15."),
  syncErrors: z.int().nonnegative().nullable(),
  conflicts: z.record(z.string(), z.int().nonnegative()).describe('By kind, from 18 on.'),
})

const relation = z.strictObject({ schema: z.string(), table: z.string() })

/** Null is what isn't known, never 0. */
export const replicationSchema = z.strictObject({
  lagBytes: bytes.nullable(),
  lagSeconds: seconds.nullable().describe('At most so long; equal to `lagSecondsAtLeast` where it was measured.'),
  lagSecondsAtLeast: seconds.nullable(),
  measuredBy: z.enum(['heartbeat', 'message']).nullable(),
  retainedBytes: bytes.nullable().describe('WAL that the source keeps for the slots.'),
  walBytesPerSecond: rate.nullable(),
  catchUpBytesPerSecond: rate.nullable().describe('By how much the lag shrinks; negative: it grows.'),
  secondsLeft: seconds.nullable().describe('Until the target has caught up at that rate.'),
  secondsToLoss: seconds.nullable().describe('Until the source removes WAL that a slot needs, at the present rate.'),
  subscriptions: z.array(subscription),
  tables: z.array(
    relation.extend({
      lane: z.int().positive(),
      published: z.enum(['changes', 'inserts']).nullable(),
      state: z.enum(['initialize', 'copying', 'copied', 'synchronized', 'ready']).nullable(),
    }),
  ),
  notReplicated: z.array(relation).optional().describe('Tables in scope that no publication of ours has. Only from `status`.'),
  drifted: z.array(relation.extend({ differences: z.array(z.string()) })).optional(),
})
