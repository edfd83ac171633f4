import { judged } from '../../pg/catalog/filters.ts'
import { inOneSnapshot } from '../../pg/catalog/one-snapshot.ts'
import { countOrphans } from '../../pg/catalog/orphans.ts'
import type { Session } from '../../pg/session.ts'
import { beyondFollowed } from '../../plan/follow-keys.ts'
import { type SelectedKey, selectedKeys } from '../../plan/key-rows-of.ts'
import type { ObservedCatalog, ObservedPartialKey } from '../../plan/observed.ts'
import type { Selection } from '../../scope/scope-database.ts'
import { countOrphansSql } from '../../sql/key-rows.ts'
import { type Following, followForeignKeys } from './follow-foreign-keys.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'filters'>

/** What foreign keys ask of the filters: the rows that come along, where that's wanted, and what is left without a parent. */
export async function observeKeys(
  open: () => Promise<Session>,
  catalog: Catalog,
  selections: ReadonlyMap<number, Selection>,
  following: Following,
): Promise<Pick<ObservedCatalog, 'filters' | 'partialKeys'>> {
  if (!isReadable(catalog, selections)) return { filters: catalog.filters, partialKeys: [] }
  const { filters, computed } = await followForeignKeys(open, catalog, selections, following)
  if (!following.copying || [...filters.values()].some(({ error }) => error !== null)) return { filters, partialKeys: [] }
  return { filters, partialKeys: await observePartialKeys(open, { ...catalog, filters }, selections, computed) }
}

/** How many selected rows refer to rows that aren't, in one snapshot: a moment's answer, to be asked for again before anything is copied. */
async function observePartialKeys(
  openSession: () => Promise<Session>,
  catalog: Catalog,
  selections: ReadonlyMap<number, Selection>,
  followed: boolean,
): Promise<readonly ObservedPartialKey[]> {
  const all = selectedKeys(catalog, selections, catalog.filters)
  const keys = followed ? beyondFollowed(all) : all
  if (keys.length === 0) return []
  await using session = await openSession()
  return await inOneSnapshot(session, async () => {
    const observed: ObservedPartialKey[] = []
    for (const one of keys) observed.push(await observeOne(session, one))
    return observed
  })
}

async function observeOne(session: Session, { key, rows }: SelectedKey): Promise<ObservedPartialKey> {
  const countSql = countOrphansSql(rows)
  await session.run('savepoint counting')
  const counted = await judged(session, () => countOrphans(session, countSql))
  await session.run(counted.error === null ? 'release savepoint counting' : 'rollback to savepoint counting')
  return { key, countSql, orphans: counted.error === null ? { rows: counted.found } : { error: counted.error } }
}

/** A predicate that was found wrong isn't run, and what we may not read is told of elsewhere. */
function isReadable({ relations, filters }: Catalog, selections: ReadonlyMap<number, Selection>): boolean {
  if ([...filters.values()].some(({ error }) => error !== null)) return false
  return relations.every(({ oid, kind, canSelect, rowSecurityActive }) => {
    const rule = selections.get(oid)?.rule
    return (
      (kind !== 'table' && kind !== 'partitioned') || rule === 'excluded' || (canSelect && (rule === 'schema-only' || !rowSecurityActive))
    )
  })
}
