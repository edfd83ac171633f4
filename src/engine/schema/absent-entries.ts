import type { ArchiveEntry } from '../../pg/archive.ts'
import { objectKey, readIdentities, readStandingIdentities } from '../../pg/catalog/object-identities.ts'
import { openSession, type Session } from '../../pg/session.ts'
import type { CopyServers } from '../copy-worker.ts'

/** Dump ids of the entries whose object isn't on the target. Comments, grants, attachments and the like are no objects. */
export async function absentEntries(run: CopyServers, target: Session, entries: readonly ArchiveEntry[]): Promise<ReadonlySet<number>> {
  await using source = await openSession(run.source, { database: run.database, signal: run.signal })
  const objects = entries.filter(({ catalogOid }) => catalogOid !== 0)
  const identities = await readIdentities(source, objects)
  const standing = await readStandingIdentities(target, [...new Set(objects.map(({ catalogOid }) => catalogOid))])
  return new Set(objects.filter((entry) => !standing.has(identities.get(objectKey(entry)) ?? '')).map(({ dumpId }) => dumpId))
}
