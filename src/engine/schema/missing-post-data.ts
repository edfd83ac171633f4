import type { ArchiveEntry } from '../../pg/archive.ts'
import { readPartitionLinks, readUnattached } from '../../pg/catalog/partition-links.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { nameKey } from '../../plan/scope-change.ts'
import type { DatabaseRun } from '../database-run.ts'
import { absentEntries } from './absent-entries.ts'
import { listKept } from './list-kept.ts'
import type { SourceSchema } from './read-schema.ts'

/**
 * Of what belongs after the rows, that which isn't there, where a changed scope made some of it go or come. What is no object may be done again.
 * New partitions are attached once their indexes are there: those then become the table's parts by themselves, where others would be made if they
 * weren't there, under names that the later ones need. https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION
 */
export async function missingPostData(
  run: DatabaseRun,
  schema: SourceSchema,
  target: Session,
  all: readonly ArchiveEntry[],
): Promise<ArchiveEntry[]> {
  const absent = await absentEntries(run, target, all)
  const entries = all.filter(({ dumpId, catalogOid }) => catalogOid === 0 || absent.has(dumpId))
  const ofStanding = ({ kind, dependsOn }: ArchiveEntry) => kind === 'INDEX ATTACH' && !dependsOn.some((id) => absent.has(id))
  const early = entries.filter((entry) => !ofStanding(entry))
  const lastIndex = early.findLastIndex(({ kind }) => indexes.has(kind))
  const attachments = await lateAttachments(run, schema, target)
  return [...early.slice(0, lastIndex + 1), ...attachments, ...early.slice(lastIndex + 1), ...entries.filter(ofStanding)]
}

const indexes = new Set(['INDEX', 'INDEX ATTACH', 'CONSTRAINT'])

/** Those that the pre-data left out, since their table had its indexes already. */
async function lateAttachments(run: DatabaseRun, schema: SourceSchema, target: Session): Promise<ArchiveEntry[]> {
  const all = await listKept(schema, 'pre-data', run.signal)
  const oids = new Map(all.map(({ dumpId, oid }) => [dumpId, oid]))
  const attachments = all
    .filter(({ kind }) => kind === 'TABLE ATTACH')
    .map((entry) => ({ entry, tables: entry.dependsOn.flatMap((id) => oids.get(id) ?? []) }))
  if (attachments.length === 0) return []
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  const links = await readPartitionLinks(source, [...new Set(attachments.flatMap(({ tables }) => tables))])
  const unattached = new Set((await readUnattached(target, run.plan.tables)).map(nameKey))
  const alone = new Set(run.plan.tables.filter((table) => unattached.has(nameKey(table))).map(({ oid }) => oid))
  return attachments
    .filter(({ tables }) => tables.some((child) => alone.has(child) && tables.some((parent) => links.has(`${child}/${parent}`))))
    .map(({ entry }) => entry)
}
