import { expect } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import type { Event } from '../../src/events.ts'
import type { DatabasePair } from './database-pair.ts'
import { runOn } from './engine.ts'

/** Runs `init` until that many tables are finished: another lane, which `init` leaves when it's run again. */
export async function leaveLane(pair: DatabasePair, tables: number, overrides: Partial<Config> = {}): Promise<void> {
  let left = tables
  await stopInit(pair, (event) => event.type === 'table-finished' && --left === 0, overrides)
}

/** Runs `init` until that moment. */
export async function stopInit(pair: DatabasePair, moment: (event: Event) => boolean, overrides: Partial<Config> = {}): Promise<void> {
  const stop = new AbortController()
  const watch = (event: Event) => {
    if (moment(event)) stop.abort(new Error('stopped by the test'))
  }
  const { result } = await runOn(pair, 'init', { jobs: 1, ...overrides }, stop.signal, watch)
  // A table that the application emptied meanwhile may be told of: another lane takes it.
  expect(result.outcome).toBe('interrupted')
}

export async function lanesOf({ target }: DatabasePair): Promise<number> {
  const [row] = await target.query<{ lanes: string }>('select count(*) as lanes from seren_replicator.lane where slot_name is not null')
  return Number(row?.lanes)
}

/** Milliseconds of the holds that a run tells of, one per merge. */
export function holdsOf(events: readonly Event[]): number[] {
  return events.flatMap((event) => {
    const match = event.type === 'note' ? /waited for (\d+) ms/.exec(event.message) : null
    return match === null ? [] : [Number(match[1])]
  })
}
