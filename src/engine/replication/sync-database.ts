import { ReplicatorError } from '../../errors.ts'
import { type Phase, phase } from '../../events.ts'
import type { DatabaseOutcome } from '../database-run.ts'
import { type Ledger, openLedger } from '../ledger.ts'
import { addTables } from './add-tables.ts'
import { catchUp } from './catch-up.ts'
import { finishForeignKeys } from './finish-foreign-keys.ts'
import { followedLanes } from './lanes.ts'
import { mergeLanes } from './merge-lanes.ts'
import { newTables } from './new-tables.ts'
import { repairPublications } from './repair-publications.ts'
import { resumeMerges } from './resume-merge.ts'
import { subscribeLanes } from './subscribe-lanes.ts'
import { openSyncServers, type SyncRun, type SyncServers } from './sync-run.ts'

/** Every lane with its subscription. Of all databases first: until then their slots keep the source's log. */
export async function subscribeDatabase(run: SyncRun): Promise<void> {
  await using ledger = await openLedger(run, { anyScope: true })
  const progress = await ledger.read()
  if (!progress.complete || followedLanes(progress).length === 0) throw notPrepared(run, progress.complete)
  await using servers = await openSyncServers(run)
  await during(run, 'subscribe', async () => {
    await resumeMerges(run, servers, ledger)
    await subscribeLanes(run, servers, ledger)
    await repairPublications(run, servers, ledger)
  })
}

/** From subscribed lanes to a single one that has caught up, with all that waited for it. To be repeated at will: what is as it should be stays so. */
export async function followDatabase(run: SyncRun, outcome: DatabaseOutcome): Promise<void> {
  await using ledger = await openLedger(run, { anyScope: true })
  await using servers = await openSyncServers(run)
  outcome.failures.push(...(await during(run, 'catch-up', () => catchUp(run, servers, ledger))))
  if (outcome.failures.length > 0) return
  await during(run, 'merge', () => mergeLanes(run, servers, ledger))
  // What a merge could not prove to be whole is being copied anew.
  outcome.failures.push(...(await during(run, 'catch-up', () => catchUp(run, servers, ledger))))
  if (outcome.failures.length > 0) return
  await takeIn(run, servers, ledger, outcome)
  await during(run, 'post-data', () => finishForeignKeys(run, servers, ledger, outcome))
}

/** What the source has got since the copy, when that's asked for; else `status` tells of it. */
async function takeIn(run: SyncRun, servers: SyncServers, ledger: Ledger, outcome: DatabaseOutcome): Promise<void> {
  const found = newTables(run.plan, await ledger.read())
  if (found.length === 0 || !run.addTables) return
  await during(run, 'add-tables', () => addTables(run, servers, ledger, found, outcome))
  outcome.failures.push(...(await during(run, 'catch-up', () => catchUp(run, servers, ledger))))
}

function during<T>(run: SyncRun, name: Phase, body: () => Promise<T>): Promise<T> {
  return phase(run.emit, name, run.database, body)
}

function notPrepared({ database }: SyncRun, complete: boolean): ReplicatorError {
  return complete
    ? new ReplicatorError('not-prepared', `the copy of ${database} was made without replication`, {
        database,
        hint: 'A copy that was made with `snapshot-only` has no slot that would know what changed since: start over with `init` and `drop-existing`.',
      })
    : new ReplicatorError('not-prepared', `the copy of ${database} isn't complete`, {
        database,
        hint: 'Run `init` until it is done, then `sync`.',
      })
}
