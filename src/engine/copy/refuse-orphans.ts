import { ReplicatorError } from '../../errors.ts'
import { countOrphans } from '../../pg/catalog/orphans.ts'
import { openSession } from '../../pg/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { beginUnderSnapshotSql } from '../../sql/snapshot.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { Snapshot } from '../snapshot-relay.ts'

/** Before anything is copied: since the plan was made, rows may have been written whose parents aren't selected. */
export async function refuseOrphans({ plan, source, database, signal }: DatabaseRun, snapshot: Snapshot): Promise<void> {
  if (plan.keyChecks.length === 0) return
  await using session = await openSession(source, { database, signal })
  await session.run(beginUnderSnapshotSql(snapshot.id()))
  for (const { name, child, parent, countSql } of plan.keyChecks) {
    const rows = await countOrphans(session, countSql)
    if (rows === 0n) continue
    const refer = rows === 1n ? '1 row refers' : `${rows.toLocaleString('en-US')} rows refer`
    throw new ReplicatorError(
      'foreign-key-unsatisfied',
      `${refer} to rows of ${qualified(parent)} that aren't selected, by foreign key ${name}: written since the plan was made`,
      { database, relation: qualified(child), hint: 'Start the command again: it tells what would close it. No row was copied.' },
    )
  }
}
