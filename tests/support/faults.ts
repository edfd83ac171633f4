import { expect } from 'vitest'
import { Rejection, ReplicatorError } from '../../src/errors.ts'
import type { Event, Phase } from '../../src/events.ts'
import { expectEqual, expectRemoved } from './continuous.ts'
import type { DatabasePair } from './database-pair.ts'
import { type EngineRun, runOn } from './engine.ts'
import { leaveLane } from './lanes.ts'
import { startWriter, type WriterOptions } from './writer.ts'

/** Of the commands that change something, the phases during which something can happen to it. */
export const phases = {
  init: [
    'observe',
    'roles',
    'database',
    'lanes',
    'publish',
    'snapshot',
    'pre-data',
    'copy',
    'large-objects',
    'post-data',
    'sequences',
    'materialized-views',
    'analyze',
  ],
  sync: ['observe', 'subscribe', 'catch-up', 'merge', 'post-data'],
} as const satisfies Record<string, readonly Phase[]>

export interface Fault {
  readonly command: keyof typeof phases
  readonly phase: Phase
  /** What happens as the phase begins; the command goes on meanwhile. */
  readonly act: () => Promise<void>
  /** The source's connections are lost too, the application's own included. */
  readonly disconnects?: boolean
}

/** Rows of the larger tables: a round is to be over soon. */
export const small: WriterOptions = { rows: 1500 }

/**
 * A whole replication under writes, to which something happens: whatever the command says to it, run again it ends with every row on the target.
 * `sync` has two lanes to merge. `through`: the pair as the commands reach it.
 */
export async function expectSurvived(pair: DatabasePair, fault: Fault, through: DatabasePair = pair): Promise<void> {
  await using writer = await startWriter(pair.source, small)
  let acted: Promise<void> | undefined
  const watch = (event: Event) => {
    if (event.type === 'phase-started' && event.phase === fault.phase) acted ??= fault.act()
  }
  const dropExisting = { dropExisting: true }
  if (fault.command === 'sync') await leaveLane(pair, 4, dropExisting)
  for (const command of ['init', 'sync'] as const) {
    const run = () =>
      runOn(through, command, command === 'init' ? dropExisting : {}, undefined, command === fault.command ? watch : undefined)
    await untilDone(command, run, async () => await acted)
  }
  expect(acted, `${fault.phase} of ${fault.command}`).toBeDefined()
  await acted
  const { failures, disconnections } = await writer.stop()
  expect(failures).toEqual([])
  if (fault.disconnects !== true) expect(disconnections).toBe(0)
  await expectEqual(pair)
  await expectRemoved(pair)
}

const attempts = 4

/** Run again when what happened is over, as long as it says that it didn't end well: what an operator does. A bug isn't run again. */
async function untilDone(command: string, run: () => Promise<EngineRun>, isOver: () => Promise<void>): Promise<void> {
  const seen: string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    const problems = await attemptOf(run)
    if (problems === null) return
    seen.push(problems)
    expect(problems).not.toContain('internal')
    await isOver()
  }
  expect.fail(`${command} didn't end well in ${attempts} attempts:\n${seen.join('\n')}`)
}

/** Null: done. */
async function attemptOf(run: () => Promise<EngineRun>): Promise<string | null> {
  try {
    const { result } = await run()
    if (result.outcome === 'done') return null
    return result.problems.map(({ code, message }) => `${code}: ${message}`).join('; ')
  } catch (error) {
    if (error instanceof Rejection) return error.message
    if (error instanceof ReplicatorError) return `${error.code}: ${error.message}`
    throw error
  }
}
