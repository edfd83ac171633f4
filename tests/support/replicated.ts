import { expect, type TestContext } from 'vitest'
import { status } from '../../src/commands/status.ts'
import type { Config } from '../../src/config/config.ts'
import type { Event } from '../../src/events.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { type DatabasePair, databasePair, type PairOptions } from './database-pair.ts'
import { engineConfig } from './engine.ts'
import { type LaneOptions, openLane } from './lane.ts'

export const mayLeave = ['slot', 'publication', 'subscription'] as const

/** A table `t` on both sides, followed by a lane, and level. */
export async function replicated(context: TestContext, options: PairOptions & LaneOptions = {}): Promise<DatabasePair> {
  const pair = await databasePair(context, { ...options, mayLeave })
  for (const { query } of [pair.source, pair.target]) await query('create table t (id int primary key, filler text)')
  await openLane(pair, options)
  if (options.until === undefined) await allReady(pair)
  return pair
}

export async function allReady({ target }: DatabasePair): Promise<void> {
  const ready = () => target.query("select bool_and(srsubstate = 'r')::text as ready from pg_subscription_rel")
  await expect.poll(ready, { timeout: 20_000, interval: 100 }).toEqual([{ ready: 'true' }])
}

export function runStatus(
  pair: DatabasePair,
  overrides: Partial<Config> = {},
  { signal = new AbortController().signal, watch = () => {} }: { signal?: AbortSignal; watch?: (event: Event) => void } = {},
): Promise<CommandResult> {
  return status({ config: engineConfig(pair, { command: 'status', ...overrides }), emit: watch, signal })
}

/** So that servers of the test's own can be stopped: they wait for who reads their log. */
export async function disableSubscription({ target }: DatabasePair): Promise<void> {
  await target.query('alter subscription seren_replication_sub disable')
}

export const codes = ({ problems }: CommandResult) => problems.map(({ code }) => code)
