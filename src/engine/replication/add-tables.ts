import { ReplicatorError } from '../../errors.ts'
import { isObjectThere, readObjectAddress } from '../../pg/catalog/object-addresses.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { type CopiedRow, recordCopiedSql, rescopeSql } from '../../sql/ledger.ts'
import { setSequences } from '../after-copy/sequences.ts'
import { copyPart } from '../copy/copy-table.ts'
import { openCopyWorker, openTargetSession } from '../copy-worker.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import type { Ledger } from '../ledger.ts'
import { listKept } from '../schema/list-kept.ts'
import { readSchema, type SourceSchema } from '../schema/read-schema.ts'
import { restoreSection } from '../schema/restore-section.ts'
import { selectEntries } from '../schema/select-entries.ts'
import { openSnapshot, type Snapshot } from '../snapshot-relay.ts'
import type { LaneServers } from './lane-servers.ts'
import { type FollowedLane, followedLanes } from './lanes.ts'
import { lendToSubscription } from './lend-to-subscription.ts'
import { openInserts } from './open-inserts.ts'
import { resyncTables } from './resync-tables.ts'

/**
 * Takes in tables that came to be on the source since the copy. They're made whole on the target, and noted in the ledger as the lane's own in the
 * same transaction: should the run be killed then, what they still lack is what `repairPublications` finds and brings. Their foreign keys come last.
 */
export async function addTables(
  run: DatabaseRun,
  servers: LaneServers,
  ledger: Ledger,
  added: readonly TablePlan[],
  outcome: DatabaseOutcome,
): Promise<void> {
  const lane = await onlyLane(run, ledger)
  const followed = added.filter(({ publish }) => publish !== null)
  {
    await using snapshot = await openSnapshot(run)
    const schema = await define(run, servers, snapshot, added, followed, lane)
    await copyUnfollowed({ ...run, snapshot, schema, lane: lane.lane, ledger: await ledger.read(), outcome }, added)
  }
  await setSequences({ ...run, ...servers })
  if (followed.length === 0) return
  await lendToSubscription(run, servers.target)
  if (followed.some(({ publish }) => publish === 'inserts')) await openInserts(run, servers, lane)
  await resyncTables(run, servers, lane.lane, followed)
}

async function onlyLane({ database }: DatabaseRun, ledger: Ledger): Promise<FollowedLane> {
  const [lane, ...others] = followedLanes(await ledger.read())
  if (lane !== undefined && others.length === 0) return lane
  throw new ReplicatorError('merge-postponed', `tables can be added once one lane follows all the others: there are ${others.length + 1}`, {
    database,
    hint: 'Run `sync` with `add-tables` again at a quieter time, or with a longer max-hold.',
  })
}

/** Indexes and all, since the tables are empty: the target server's own copy comes into them. */
async function define(
  run: DatabaseRun,
  { source }: LaneServers,
  snapshot: Snapshot,
  added: readonly TablePlan[],
  followed: readonly TablePlan[],
  { lane }: FollowedLane,
): Promise<SourceSchema> {
  await using target = await openTargetSession(run.target, run.database, run.signal)
  const schema = await readSchema(run, snapshot, target)
  const all = [...(await listKept(schema, 'pre-data', run.signal)), ...(await listKept(schema, 'post-data', run.signal))]
  const entries = await selectEntries({
    all,
    wanted: new Set(added.map(({ oid }) => oid)),
    isStanding: async ({ catalogOid, oid }) => {
      const address = await readObjectAddress(source, catalogOid, oid)
      return address !== null && (await isObjectThere(target, address))
    },
  })
  const rows = followed.map(({ schema, name }): CopiedRow => ({ schema, name, part: 0, parts: 1, lane, rows: 0n, bytes: 0n, seconds: 0 }))
  const noted = rows.length === 0 ? [] : [recordCopiedSql(rows)]
  await restoreSection({ ...run, ...schema, target, entries, after: [...noted, rescopeSql(run.plan)].join(';\n') })
  return schema
}

/** What nothing follows is copied once, as `init` does. */
async function copyUnfollowed(run: Parameters<typeof copyPart>[0], added: readonly TablePlan[]): Promise<void> {
  const worker = openCopyWorker(run)
  try {
    for (const table of added) {
      if (table.publish === null) await copyPart(run, { ...table, parts: [{ by: 'whole' }] }, { by: 'whole' }, 0, worker)
    }
  } finally {
    await worker.close()
  }
}
