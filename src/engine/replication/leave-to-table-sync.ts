import { openSession } from '../../pg/session.ts'
import { emptySql } from '../../sql/copy.ts'
import { recordWholeSql } from '../../sql/ledger.ts'
import { formatLsn } from '../../sql/lsn.ts'
import { slotName } from '../../sql/replication-names.ts'
import { isCopied } from '../copy/copy-run.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { Ledger } from '../ledger.ts'
import { awaitSlot } from './await-slot.ts'
import { publish } from './publish.ts'
import { subscribe } from './subscribe.ts'

/**
 * Tables that no run could copy within the time budget get a lane of their own, whose subscription copies them: PostgreSQL's own table
 * synchronisation needs no runner. They have their indexes, and are emptied first: an earlier run may have copied parts of them.
 * https://www.postgresql.org/docs/current/logical-replication-architecture.html#LOGICAL-REPLICATION-SNAPSHOT
 */
export async function leaveToTableSync(run: DatabaseRun, ledger: Ledger): Promise<void> {
  const { replication } = run.plan
  const progress = await ledger.read()
  const tables = run.plan.tables.filter((table) => table.tableSync && table.publish !== null && !isCopied(progress, table))
  if (replication === null || tables.length === 0) return
  const lane = await ledger.nextLane()
  const slot = slotName(run.database, lane)
  await publish(run, replication, { lane, slot, tables })
  await using created = await awaitSlot(run, slot)
  await ledger.openLane({ lane, slot }, formatLsn(created.consistentPoint))
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  await using target = await openSession(run.target, { database: run.database, signal: run.signal })
  const alongside = tables.flatMap((table) => {
    const { schema, name } = table
    return [emptySql(table), recordWholeSql({ schema, name, part: 0, parts: 1, lane, rows: 0n, bytes: 0n, seconds: 0 })]
  })
  await subscribe(run, { source, target }, { lane, slot, tableSync: true, alongside })
}
