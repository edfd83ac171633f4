import { judged } from '../../pg/catalog/filters.ts'
import { inOneSnapshot } from '../../pg/catalog/one-snapshot.ts'
import { countOrphans } from '../../pg/catalog/orphans.ts'
import type { Session } from '../../pg/session.ts'
import { partialKeys, type SelectedKey } from '../../plan/key-rows-of.ts'
import type { ObservedCatalog, ObservedPartialKey } from '../../plan/observed.ts'
import type { Selection } from '../../scope/scope-database.ts'
import { countOrphansSql } from '../../sql/key-rows.ts'

type Catalog = Pick<ObservedCatalog, 'relations' | 'foreignKeys' | 'filters'>

/** How many selected rows refer to rows that aren't, in one snapshot: a moment's answer, to be asked for again before anything is copied. */
export async function observePartialKeys(
  openSession: () => Promise<Session>,
  catalog: Catalog,
  selections: ReadonlyMap<number, Selection>,
): Promise<readonly ObservedPartialKey[]> {
  if (!isReadable(catalog, selections)) return []
  const keys = partialKeys(catalog, selections, catalog.filters)
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
