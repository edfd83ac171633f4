import { columnTransfer } from '../../plan/column-transfer.ts'
import type { ObservedCatalog, ObservedRelation } from '../../plan/observed.ts'
import { isLarge } from '../../plan/parts.ts'
import type { Session } from '../session.ts'
import { readClosedSchemas } from './closed-schemas.ts'
import { readColumnTypes } from './column-types.ts'
import { readColumns } from './columns.ts'
import { readDependencies } from './dependencies.ts'
import { readEventTriggers } from './event-triggers.ts'
import { readExtensions } from './extensions.ts'
import { readForeignKeys } from './foreign-keys.ts'
import { readForeignObjects } from './foreign-objects.ts'
import { type Hypertables, readHypertables } from './hypertables.ts'
import { readLanguages } from './languages.ts'
import { readLargeObjects } from './large-objects.ts'
import { readNewerObjects } from './newer-objects.ts'
import { inOneSnapshot } from './one-snapshot.ts'
import { readRelations } from './relations.ts'
import { readSplitKeys } from './split-keys.ts'
import { readUsedRoles } from './used-roles.ts'
import { readUsedTablespaces } from './used-tablespaces.ts'

/** What depends on the scope is read once that is known: see engine/observe/observe-filters.ts. */
export type CatalogDatabase = Omit<ObservedCatalog, 'asOf' | 'filters' | 'partialKeys'>

/** Everything of one source database, in as many statements as there are lists. */
export async function readDatabase(session: Session): Promise<CatalogDatabase> {
  return inOneSnapshot(session, async () => {
    const timescale = await readHypertables(session)
    const relations = await readRelationsWithColumns(session, timescale)
    const roles = await readUsedRoles(session)
    return {
      relations,
      extensions: await readExtensions(session),
      hypertables: timescale.hypertables,
      eventTriggers: await readEventTriggers(session),
      newerObjects: await readNewerObjects(session),
      largeObjects: await readLargeObjects(session),
      foreignKeys: await readForeignKeys(session),
      closedSchemas: await readClosedSchemas(session),
      unreadableSequences: relations
        .filter(({ kind, canSelect }) => kind === 'sequence' && !canSelect)
        .map(({ schema, name }) => ({ schema, name })),
      tablespaces: await readUsedTablespaces(session),
      languages: await readLanguages(session),
      roles: roles.all,
      owners: roles.owners,
      dependencies: await readDependencies(session),
      hasUserObjects: (await readForeignObjects(session)).foreignObjectCount > 0,
    }
  })
}

async function readRelationsWithColumns(session: Session, { hypertables, parts }: Hypertables): Promise<ObservedRelation[]> {
  const relations = await readRelations(session)
  const columns = await readColumns(session)
  const types = await readColumnTypes(session)
  const transfers = new Map([...types.keys()].map((oid) => [oid, columnTransfer(oid, types, session.versionNumber)]))
  // TID range scans exist from 14 on: before, parts are ranges of the key.
  const splitKeys =
    session.versionNumber >= 140000
      ? new Map()
      : await readSplitKeys(
          session,
          relations.filter(isLarge).map(({ oid }) => oid),
        )
  return relations.map((relation) => ({
    ...relation,
    columns: (columns.get(relation.oid) ?? []).map(({ typeOid, ...column }) => ({
      ...column,
      transfer: transfers.get(typeOid) ?? { kind: 'text' },
    })),
    splitKey: splitKeys.get(relation.oid) ?? null,
    partOf: parts.get(relation.oid) ?? null,
    isHypertable: hypertables.some(({ oid }) => oid === relation.oid),
  }))
}
