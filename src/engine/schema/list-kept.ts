import { type Archive, type ArchiveEntry, listEntries, type Section } from '../../pg/archive.ts'
import type { LeftOut } from '../../scope/scope-database.ts'

/** The archive's entries of one section, without what the scope leaves out, and the comments, grants and the like on that. */
export async function listKept(
  { archive, leftOut }: { readonly archive: Archive; readonly leftOut: readonly LeftOut[] },
  section: Section,
  signal: AbortSignal,
): Promise<ArchiveEntry[]> {
  const all = await listEntries(archive, section, signal)
  const left = new Set(leftOut.map(({ catalogOid, oid }) => `${catalogOid}/${oid}`))
  const gone = new Set(all.filter(({ catalogOid, oid }) => left.has(`${catalogOid}/${oid}`)).map(({ dumpId }) => dumpId))
  return all.filter(({ dumpId, oid, dependsOn }) => !gone.has(dumpId) && !(oid === 0 && dependsOn.some((id) => gone.has(id))))
}
