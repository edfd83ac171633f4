import { readLedger } from '../../pg/catalog/ledger.ts'
import { openSession } from '../../pg/session.ts'
import { isOnlyMore, isUnfollowed, scopeChange, withoutRowsOf } from '../../plan/scope-change.ts'
import { fingerprintUnderWay, rescopeSql } from '../../sql/ledger.ts'
import { openTargetSession } from '../copy-worker.ts'
import type { DatabaseRun } from '../database-run.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { dropOutdated } from './drop-outdated.ts'
import { leaveLanes } from './leave-lanes.ts'

/**
 * A copy that was begun under another scope: what isn't right any more goes. What is to be added comes with the definitions, see
 * schema/restore-missing.ts. The change is read from the ledger again, since an attempt before this one may have made some of it.
 */
export async function leaveScope(run: DatabaseRun): Promise<void> {
  const { plan, database, signal } = run
  await using target = await openTargetSession(run.target, database, signal)
  const ledger = await readLedger(target)
  if (ledger === null || ledger.fingerprint === plan.fingerprint) return
  const relations = plan.tables.map((table) => ({ ...table, ofExtension: table.extension !== null }))
  const change = scopeChange(ledger, plan.scope, relations)
  if (change === null) return
  if (!ledger.preDataDone) return await runWhileOurs(target, rescopeSql(plan))
  if (isOnlyMore(change)) return
  const lanes = ledger.lanes.flatMap(({ lane, slot }) => (slot === null ? [] : [{ lane, slot }]))
  if (lanes.length > 0) {
    await using source = await openSession(run.source, { database, signal })
    const leaving = [...change.removed, ...change.refiltered.filter(({ begun }) => begun)]
    // Stopped before they're dropped or emptied, whatever scope comes next must not take them for right. Not even if the server crashes.
    const scope = withoutRowsOf(ledger.scope ?? [], leaving)
    const note = rescopeSql({ fingerprint: fingerprintUnderWay(plan.fingerprint), scope })
    await runWhileOurs(target, `set local synchronous_commit = on;\n${note}`)
    await leaveLanes(run, { source, target }, lanes, { tables: leaving, again: ledger.scope?.some(isUnfollowed) === true })
  }
  await dropOutdated(target, plan, change)
}
