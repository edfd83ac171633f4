import type { ArchiveEntry } from '../../pg/archive.ts'

export interface EntrySelection {
  readonly all: readonly ArchiveEntry[]
  /** Oids of the tables that are to be. */
  readonly wanted: ReadonlySet<number>
  /** It's on the target already. */
  readonly isStanding: (entry: ArchiveEntry) => Promise<boolean>
}

const pgClass = 1259

/** Rows, and what's made in ways of our own. */
const elsewhere = new Set([
  'TABLE DATA',
  'SEQUENCE SET',
  'MATERIALIZED VIEW DATA',
  'STATISTICS DATA',
  'FK CONSTRAINT',
  'EVENT TRIGGER',
  'DEFAULT ACL',
])

/** What a table brings along. Comments, grants and attachments, which have no oid, come with whatever they're about. */
const parts = new Set([
  'CHECK CONSTRAINT',
  'CONSTRAINT',
  'DEFAULT',
  'INDEX',
  'NOT NULL CONSTRAINT',
  'POLICY',
  'ROW SECURITY',
  'RULE',
  'SEQUENCE',
  'STATISTICS',
  'TRIGGER',
])
const tables = new Set(['TABLE', 'FOREIGN TABLE'])

/** The entries that make these tables with all that's theirs, and whatever they need that isn't there yet; in the order in which they're restored. */
export async function selectEntries({ all, wanted, isStanding }: EntrySelection): Promise<ArchiveEntry[]> {
  const entries = all.filter(({ kind }) => !elsewhere.has(kind))
  const byId = new Map(entries.map((entry) => [entry.dumpId, entry]))
  const chosen = new Map<number, ArchiveEntry>()
  const known = new Map<number, boolean>()
  const need = async (entry: ArchiveEntry | undefined): Promise<void> => {
    if (entry === undefined || entry.oid === 0 || chosen.has(entry.dumpId)) return
    const standing = known.get(entry.dumpId) ?? (await isStanding(entry))
    known.set(entry.dumpId, standing)
    if (!standing) await choose(entry)
  }
  const choose = async (entry: ArchiveEntry): Promise<void> => {
    chosen.set(entry.dumpId, entry)
    for (const id of entry.dependsOn) await need(byId.get(id))
  }
  for (const entry of entries) if (entry.catalogOid === pgClass && wanted.has(entry.oid) && tables.has(entry.kind)) await need(entry)
  for (let before = -1; before < chosen.size; ) {
    before = chosen.size
    for (const entry of entries) if (!chosen.has(entry.dumpId) && belongs(entry, chosen)) await choose(entry)
  }
  return inOrder(
    entries.filter(({ dumpId }) => chosen.has(dumpId)),
    chosen,
  )
}

function belongs({ oid, kind, dependsOn }: ArchiveEntry, chosen: ReadonlyMap<number, ArchiveEntry>): boolean {
  if (oid === 0 && !parts.has(kind)) return dependsOn.some((id) => chosen.has(id))
  return parts.has(kind) && dependsOn.some((id) => tables.has(chosen.get(id)?.kind ?? ''))
}

/**
 * A partition of a table that stands already is attached with its indexes: those then become the parent's parts by themselves, where others
 * would be made if they weren't there, under names that the later ones need.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION
 */
function inOrder(entries: readonly ArchiveEntry[], chosen: ReadonlyMap<number, ArchiveEntry>): ArchiveEntry[] {
  const late = entries.filter(({ kind, dependsOn }) => kind === 'TABLE ATTACH' && dependsOn.some((id) => !chosen.has(id)))
  if (late.length === 0) return [...entries]
  const indexesOf = ({ dependsOn }: ArchiveEntry) => new Set(dependsOn.filter((id) => indexes.has(chosen.get(id)?.kind ?? '')))
  const isOfLate = (entry: ArchiveEntry) => entry.kind === 'INDEX ATTACH' && indexesOf(entry).size < 2
  const rest = entries.filter((entry) => !late.includes(entry) && !isOfLate(entry))
  const lastIndex = rest.findLastIndex(({ kind }) => indexes.has(kind))
  return [...rest.slice(0, lastIndex + 1), ...late, ...rest.slice(lastIndex + 1)]
}

const indexes = new Set(['INDEX', 'INDEX ATTACH', 'CONSTRAINT'])
