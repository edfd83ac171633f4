import { z } from 'zod'
import type { ArchiveEntry } from '../../pg/archive.ts'
import { readStandingObjects } from '../../pg/catalog/standing-objects.ts'
import type { Session } from '../../pg/session.ts'
import { refuseOrphans } from '../copy/refuse-orphans.ts'
import { openTargetSession } from '../copy-worker.ts'
import type { DatabaseRun } from '../database-run.ts'
import type { Snapshot } from '../snapshot-relay.ts'
import { listKept } from './list-kept.ts'
import { missingPostData } from './missing-post-data.ts'
import { readSchema, type SourceSchema } from './read-schema.ts'
import { refuseUnplanned } from './refuse-unplanned.ts'
import { restoreMissing } from './restore-missing.ts'
import { restoreSection } from './restore-section.ts'

/** The source's definitions, read under the snapshot; the target then has what rows need of them, by this scope. Nothing, if rows would lack their parents. */
export async function prepareSchema(run: DatabaseRun, snapshot: Snapshot, target: Session): Promise<SourceSchema> {
  await refuseOrphans(run, snapshot)
  const schema = await readSchema(run, snapshot, target)
  const { preDataDone, postDataDone, fingerprint } = await target.one(
    z.object({ preDataDone: z.boolean(), postDataDone: z.boolean(), fingerprint: z.string() }),
    'select pre_data_done as "preDataDone", post_data_done as "postDataDone", fingerprint from seren_replicator.ledger',
  )
  if (!preDataDone) await restorePreData(run, schema, target)
  else if (fingerprint !== run.plan.fingerprint) {
    await restoreMissing(run, schema, target, { postDataDone })
    return { ...schema, standing: await readStandingObjects(target) }
  }
  return schema
}

/** Everything that rows need: schemas, types, functions, tables, views, their owners and grants. */
async function restorePreData(run: DatabaseRun, schema: SourceSchema, target: Session): Promise<void> {
  const { standing, schemas } = schema
  const entries = (await listKept(schema, 'pre-data', run.signal)).filter(
    // pg_dump knows itself what to do with `public`; any other schema that is there already would fail.
    (entry) => entry.kind !== 'SCHEMA' || schemas.get(entry.oid) === 'public' || !standing.schemas.has(schemas.get(entry.oid) ?? ''),
  )
  refuseUnplanned(run, entries)
  const dropPublic = [...schemas.values()].includes('public') ? '' : 'drop schema if exists public;\n'
  // Committed synchronously: should the server crash, the tables that the rest of this run writes to must still be there.
  const after = `${dropPublic}set local synchronous_commit = on;\nupdate seren_replicator.ledger set pre_data_done = true`
  await restoreSection({ ...run, ...schema, target, entries, after })
}

/**
 * What is left once rows, indexes and constraints are there: partitioned indexes and their partitions' attachment, triggers,
 * rules, policies, comments, default privileges. Event triggers are kept for the very end, since they'd fire on our own DDL.
 */
export async function restorePostData(run: DatabaseRun, schema: SourceSchema): Promise<void> {
  await using target = await openTargetSession(run.target, run.database, run.signal)
  const { done, rescoped } = await target.one(
    z.object({ done: z.boolean(), rescoped: z.boolean() }),
    'select post_data_done as done, rescoped from seren_replicator.ledger',
  )
  if (done) return
  const { rest } = await splitPostData(schema, run.signal)
  const entries = rescoped ? await missingPostData(run, schema, target, rest) : rest
  const after = 'update seren_replicator.ledger set post_data_done = true, rescoped = false'
  await restoreSection({ ...run, ...schema, target, entries, after })
}

/** The last statements in the database itself. Committed synchronously: with it, all that was committed before without waiting is on disk. */
export async function restoreEventTriggers(run: DatabaseRun, schema: SourceSchema): Promise<void> {
  await using target = await openTargetSession(run.target, run.database, run.signal)
  const { eventTriggers } = await splitPostData(schema, run.signal)
  const after = 'set local synchronous_commit = on;\nupdate seren_replicator.ledger set complete = true'
  await restoreSection({ ...run, ...schema, target, entries: eventTriggers, after })
}

/** Refreshed, set or added in ways of our own. */
const elsewhere = new Set(['MATERIALIZED VIEW DATA', 'SEQUENCE SET', 'TABLE DATA', 'STATISTICS DATA', 'FK CONSTRAINT'])

async function splitPostData({ indexes: built, ...schema }: SourceSchema, signal: AbortSignal) {
  const all = await listKept(schema, 'post-data', signal)
  const builtOids = new Set([
    ...built.map((one) => one.oid),
    ...built.flatMap((one) => (one.constraint === null ? [] : [one.constraint.oid])),
  ])
  const foreignKeyIds = new Set(all.filter((entry) => entry.kind === 'FK CONSTRAINT').map((entry) => entry.dumpId))
  const eventTriggerIds = new Set(all.filter((entry) => entry.kind === 'EVENT TRIGGER').map((entry) => entry.dumpId))
  const isOf = (entry: ArchiveEntry, ids: ReadonlySet<number>) =>
    ids.has(entry.dumpId) || (entry.oid === 0 && entry.dependsOn.some((id) => ids.has(id)))
  const eventTriggers = all.filter((entry) => isOf(entry, eventTriggerIds))
  const rest = all.filter(
    (entry) =>
      !elsewhere.has(entry.kind) &&
      !(entry.oid !== 0 && builtOids.has(entry.oid)) &&
      !isOf(entry, foreignKeyIds) &&
      !isOf(entry, eventTriggerIds),
  )
  return { rest, eventTriggers }
}
