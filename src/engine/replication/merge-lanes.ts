import { setTimeout as sleep } from 'node:timers/promises'
import { warning } from '../../errors.ts'
import { tableBytes } from '../../plan/parts.ts'
import { readReplication } from '../lag/read-replication.ts'
import type { Ledger } from '../ledger.ts'
import { fenced, identifiersOf } from './catch-up.ts'
import { dropLane } from './drop-lane.ts'
import { finishedTables, followedLanes } from './lanes.ts'
import { type Merged, mergeLane } from './merge-lane.ts'
import { repairPublications } from './repair-publications.ts'
import { resumeMerges } from './resume-merge.ts'
import type { SyncRun, SyncServers } from './sync-run.ts'

/** How often a merge is tried before it's left to another day, and milliseconds of the first pause, which doubles. */
const attempts = 6
const pause = 500

/** Every lane decodes the source's whole log: so the smaller ones go, one after the other, into the one that has the most. */
export async function mergeLanes(run: SyncRun, servers: SyncServers, ledger: Ledger): Promise<void> {
  const [into, ...others] = await bySize(run, ledger)
  if (into === undefined || others.length === 0 || run.maxHold === 0) return
  for (const lane of others) {
    const state = await readReplication({ ...servers, database: run.database, identifiers: identifiersOf(run) })
    const [one, first] = [lane, into].flatMap((number) => fenced(state, [number]))
    if (one === undefined || first === undefined) continue
    let merged: Merged | null = null
    for (let attempt = 0; merged === null && attempt < attempts; attempt++) {
      if (attempt > 0) await sleep(pause * 2 ** (attempt - 1), undefined, { signal: run.signal })
      merged = await mergeLane(run, servers, { lane: one, into: first, longest: run.maxHold })
    }
    if (merged === null) {
      run.emit({ type: 'warning', warning: postponed(run, lane, into) })
      continue
    }
    if (!merged.certain) {
      await resumeMerges(run, servers, ledger)
      await repairPublications(run, servers, ledger)
      continue
    }
    // First of all, what tells the next run that this is done.
    await ledger.mergeLane(lane, into)
    run.emit({
      type: 'note',
      message: `lane ${lane} went into lane ${into}: writes to its tables waited for ${Math.ceil(merged.held)} ms at most`,
    })
    await dropLane({ ...servers, ...one })
  }
}

/** Biggest first. */
async function bySize(run: SyncRun, ledger: Ledger): Promise<number[]> {
  const progress = await ledger.read()
  return followedLanes(progress)
    .map(({ lane }) => ({ lane, bytes: finishedTables(run, progress, lane).reduce((sum, table) => sum + tableBytes(table), 0n) }))
    .toSorted((a, b) => (a.bytes === b.bytes ? a.lane - b.lane : a.bytes > b.bytes ? -1 : 1))
    .map(({ lane }) => lane)
}

function postponed({ database, maxHold }: SyncRun, lane: number, into: number) {
  return warning(
    'merge-postponed',
    `lane ${lane} stays apart from lane ${into}: to merge them, writes would have waited for more than ${maxHold} ms`,
    {
      database,
      hint: 'Both go on. Run `sync` again at a quieter time, or give a longer max-hold. Each lane costs the source a reading of its whole log.',
    },
  )
}
