import { ReplicatorError } from '../../errors.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import { openSession } from '../../pg/session.ts'
import type { ReplicationPlan, TablePlan } from '../../plan/plan.ts'
import { createHeartbeatSql, createSourceSchemaSql } from '../../sql/heartbeat.ts'
import { qualified } from '../../sql/identifier.ts'
import { createPublicationSql, heartbeatTable } from '../../sql/publication.ts'
import { laneComment } from '../../sql/replication-mark.ts'
import { type PublicationKind, publicationName } from '../../sql/replication-names.ts'
import type { DatabaseRun } from '../database-run.ts'
import { noteIdentities } from './note-identities.ts'
import { withoutWaiting } from './without-waiting.ts'

export interface LaneOfTables {
  readonly lane: number
  readonly slot: string
  readonly tables: readonly TablePlan[]
}

/**
 * Publications of a lane with exactly its tables, all in one transaction, before its slot is made: a slot that is older than its publication makes
 * the apply worker fail for ever. Tables that get REPLICA IDENTITY FULL have it from the same moment.
 */
export async function publish(run: DatabaseRun, replication: ReplicationPlan, { lane, slot, tables }: LaneOfTables): Promise<void> {
  const { source, target, database, signal } = run
  const comment = laneComment({ lane, slot, peer: run.targetSystemIdentifier, database })
  const of = (kind: PublicationKind) => tables.filter((table) => table.publish === kind)
  const changes = [...of('changes'), ...(replication.heartbeat ? [heartbeatTable(lane)] : [])]
  const statements = [
    ...(replication.heartbeat ? [createSourceSchemaSql, createHeartbeatSql(lane)] : []),
    ...tables.filter((table) => table.setIdentityFull).map((table) => `alter table only ${qualified(table)} replica identity full`),
    createPublicationSql(publicationName('changes', lane), 'changes', changes, comment),
    ...(replication.inserts ? [createPublicationSql(publicationName('inserts', lane), 'inserts', of('inserts'), comment)] : []),
  ]
  await using session = await openSession(source, { database, signal })
  if (tables.some((table) => table.setIdentityFull)) {
    await using ledger = await openSession(target, { database, signal })
    await noteIdentities({ source: session, target: ledger }, tables)
  }
  try {
    await withoutWaiting(session, statements, signal)
  } catch (error) {
    throw refused(toReplicatorError(error), database)
  }
}

function refused(error: ReplicatorError, database: string): ReplicatorError {
  if (error.server === undefined) return error
  return new ReplicatorError(error.code, `the publication could not be made: ${error.message}`, {
    database,
    cause: error,
    server: error.server,
    hint: error.finding.hint ?? 'Nothing was changed. `snapshot-only` copies without publication and slot.',
  })
}
