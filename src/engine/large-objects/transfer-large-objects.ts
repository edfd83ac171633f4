import { openSession, type Session } from '../../pg/session.ts'
import { forgetCopiedSql, recordCopiedSql } from '../../sql/ledger.ts'
import { beginUnderSnapshotSql } from '../../sql/snapshot.ts'
import { type CopyRun, isCopied } from '../copy/copy-run.ts'
import { ledgerKey } from '../ledger.ts'
import { runWhileOurs } from '../run-while-ours.ts'
import { copyLargeObjects } from './large-objects.ts'

/** How the ledger names them: no table has an empty name. */
const ledgerName = { schema: '', name: 'large objects' }

/** All large objects under the snapshot, unless an earlier run completed them: like a table's parts, theirs need one snapshot. */
export async function transferLargeObjects(run: CopyRun, target: Session): Promise<void> {
  const before = run.ledger.copied.get(ledgerKey(ledgerName)) ?? []
  if (run.plan.largeObjects === 0n && before.length === 0) return
  if (isCopied(run.ledger, ledgerName)) {
    run.outcome.largeObjects = {
      count: before.reduce((sum, part) => sum + part.rows, 0n),
      bytes: before.reduce((sum, part) => sum + part.bytes, 0n),
    }
    return
  }
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  await source.run(beginUnderSnapshotSql(run.snapshot.id()))
  await runWhileOurs(target, forgetCopiedSql(ledgerName))
  const { count, bytes } = await copyLargeObjects({
    source,
    target,
    database: run.database,
    record: (session, part, parts, rows, size) =>
      runWhileOurs(session, recordCopiedSql([{ ...ledgerName, part, parts, lane: run.lane, rows, bytes: size, seconds: 0 }])),
    emit: run.emit,
    signal: run.signal,
  })
  run.outcome.largeObjects = { count, bytes }
}
