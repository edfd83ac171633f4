import { z } from 'zod'
import type { ArchiveEntry } from '../../pg/archive.ts'
import type { Session } from '../../pg/session.ts'
import { dropForeignKeySql } from '../../sql/foreign-key.ts'
import { reopenSql, rescopeSql } from '../../sql/ledger.ts'
import type { DatabaseRun } from '../database-run.ts'
import { absentEntries } from './absent-entries.ts'
import { listKept } from './list-kept.ts'
import type { SourceSchema } from './read-schema.ts'
import { refuseUnplanned } from './refuse-unplanned.ts'
import { restoreSection } from './restore-section.ts'

interface Standing {
  readonly postDataDone: boolean
}

/**
 * What the new scope has besides the old one, and views that went with what was dropped: in the same transaction with the ledger's new scope.
 * A partition of a table that has its indexes by now is attached after its own are there: see missing-post-data.ts.
 */
export async function restoreMissing(run: DatabaseRun, schema: SourceSchema, target: Session, { postDataDone }: Standing): Promise<void> {
  const all = await listKept(schema, 'pre-data', run.signal)
  const absent = await absentEntries(run, target, all)
  const missing = all.filter(
    ({ dumpId, catalogOid, dependsOn }) => absent.has(dumpId) || (catalogOid === 0 && dependsOn.some((id) => absent.has(id))),
  )
  refuseUnplanned(run, missing)
  const late = postDataDone ? lateAttachments(run, all, missing, absent) : new Set<ArchiveEntry>()
  const keys = late.size === 0 ? [] : await readPartitionedKeys(target)
  const entries = missing.filter((entry) => !late.has(entry))
  const after = ['set local synchronous_commit = on', ...keys.map(dropForeignKeySql), reopenSql, rescopeSql(run.plan)]
  await restoreSection({ ...run, ...schema, target, entries, after: after.join(';\n') })
}

/** They attach new partitions to tables that aren't new. The rows of some trees go in at the top: those need theirs now. */
function lateAttachments(
  { plan }: DatabaseRun,
  all: readonly ArchiveEntry[],
  missing: readonly ArchiveEntry[],
  absent: ReadonlySet<number>,
): Set<ArchiveEntry> {
  const routed = new Set(plan.tables.filter(({ kind, rule }) => kind === 'table' && rule === 'empty').map(({ oid }) => oid))
  const early = new Set(all.filter(({ oid }) => routed.has(oid)).map(({ dumpId }) => dumpId))
  return new Set(
    missing.filter(
      ({ kind, dependsOn }) => kind === 'TABLE ATTACH' && dependsOn.some((id) => !absent.has(id)) && !dependsOn.some((id) => early.has(id)),
    ),
  )
}

/** A partition that is attached must have its table's at once: they come when all rows are there. */
function readPartitionedKeys(target: Session): Promise<{ schema: string; table: string; name: string }[]> {
  return target.rows(
    z.object({ schema: z.string(), table: z.string(), name: z.string() }),
    `select n.nspname::text as schema, c.relname::text as "table", k.conname::text as name
       from pg_catalog.pg_constraint k
       join pg_catalog.pg_class c on c.oid = k.conrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where k.contype = 'f' and k.conparentid = 0 and c.relkind = 'p'
      order by 1, 2, 3`,
  )
}
