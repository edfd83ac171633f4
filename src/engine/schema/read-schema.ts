import { z } from 'zod'
import { type Archive, dumpArchive } from '../../pg/archive.ts'
import { readForeignKeyDefinitions } from '../../pg/catalog/foreign-key-definitions.ts'
import { readIndexDefinitions } from '../../pg/catalog/index-definitions.ts'
import { readStandingObjects, type StandingObjects } from '../../pg/catalog/standing-objects.ts'
import { openSession, type Session } from '../../pg/session.ts'
import type { ForeignKeyDefinition, IndexDefinition } from '../../plan/definitions.ts'
import type { DatabasePlan } from '../../plan/plan.ts'
import type { LeftOut } from '../../scope/scope-database.ts'
import { beginUnderSnapshotSql } from '../../sql/snapshot.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { Snapshot } from '../snapshot-relay.ts'
import { checkChunks } from './check-chunks.ts'

/** All that is to stand on the target besides rows, and what stands there already. */
export interface SourceSchema {
  readonly archive: Archive
  /** What of it isn't to be, for what it needs isn't there. */
  readonly leftOut: readonly LeftOut[]
  readonly indexes: readonly IndexDefinition[]
  /** The same by the table's oid. */
  readonly indexesByTable: ReadonlyMap<number, readonly IndexDefinition[]>
  readonly foreignKeys: readonly ForeignKeyDefinition[]
  /** The source's schemas by oid. */
  readonly schemas: ReadonlyMap<number, string>
  readonly standing: StandingObjects
  /** The source has tablespaces that the target lacks: everything goes to the default one. */
  readonly noTablespaces: boolean
}

/** A little less than pg_dump's, whose message comes without SQLSTATE. */
const lockTimeout = 55

/** Reads it under the same snapshot as the rows, since what changes in between would fit neither. */
export async function readSchema(run: DatabaseRun, snapshot: Snapshot, target: Session): Promise<SourceSchema> {
  const { plan, source, database, pgDump, pgRestore } = run
  const excludedTables = plan.tables.filter((table) => table.rule === 'excluded')
  await using session = await openSession(source, { database, signal: run.signal })
  await session.run(beginUnderSnapshotSql(snapshot.id()))
  await session.run(`set lock_timeout = '${lockTimeout}s'`)
  // When a query fails, pg_dump must have ended, and its password file be gone, before anyone hears of it.
  const failed = new AbortController()
  const signal = AbortSignal.any([run.signal, failed.signal])
  const dumping = dumpArchive({ pgDump, pgRestore, settings: source, database, snapshot: snapshot.id(), excludedTables, signal })
  try {
    // Together: while one waits for a lock, the other's failure must be heard.
    const [archive, rest] = await Promise.all([dumping, readDefinitions(session, target, plan)])
    return { archive, leftOut: plan.leftOut, ...rest }
  } catch (error) {
    failed.abort(error)
    await dumping.catch(() => undefined)
    throw error
  }
}

async function readDefinitions(session: Session, target: Session, plan: DatabasePlan): Promise<Omit<SourceSchema, 'archive' | 'leftOut'>> {
  const { tables, leftOut } = plan
  await checkChunks(plan, session, target)
  const excluded = new Set(tables.filter(({ rule }) => rule === 'excluded').map(({ oid }) => oid))
  const standing = await readStandingObjects(target)
  const tablespaces = await session.rows(z.object({ name: z.string() }), 'select spcname as name from pg_catalog.pg_tablespace')
  const noTablespaces = tablespaces.some(({ name }) => !standing.tablespaces.has(name))
  const indexes = (await readIndexDefinitions(session))
    .filter((index) => !excluded.has(index.tableOid))
    .map((index) => (noTablespaces ? { ...index, tablespace: null } : index))
  const foreignKeys = withoutLeftOut(await readForeignKeyDefinitions(session), leftOut).filter((key) => !excluded.has(key.tableOid))
  const schemas = await session.rows(
    z.object({ oid: z.number(), name: z.string() }),
    'select oid, nspname as name from pg_catalog.pg_namespace',
  )
  await session.run('commit')
  return {
    indexes,
    indexesByTable: byTable(indexes),
    foreignKeys,
    schemas: new Map(schemas.map(({ oid, name }) => [oid, name])),
    standing,
    noTablespaces,
  }
}

/** A key whose parent isn't there can't be. */
export function withoutLeftOut(keys: readonly ForeignKeyDefinition[], leftOut: readonly LeftOut[]): ForeignKeyDefinition[] {
  const gone = new Set(leftOut.filter(({ catalog }) => catalog === 'pg_constraint').map(({ oid }) => oid))
  return keys.filter(({ oid }) => !gone.has(oid))
}

function byTable(indexes: readonly IndexDefinition[]): Map<number, IndexDefinition[]> {
  const map = new Map<number, IndexDefinition[]>()
  for (const index of indexes) {
    const list = map.get(index.tableOid)
    if (list === undefined) map.set(index.tableOid, [index])
    else list.push(index)
  }
  return map
}
