import type { DatabaseRun } from '../database-run.ts'
import type { PhaseSessions } from '../open-phase-sessions.ts'
import { analyzeTables } from './analyze.ts'

/**
 * Ordinary tables were analyzed before. What is left: partitioned tables, whose statistics are over
 * all partitions, and materialized views. Autovacuum never analyzes partitioned tables.
 */
export async function analyzeLast({ plan, database, emit, signal }: DatabaseRun, { targets }: PhaseSessions): Promise<void> {
  const tables = plan.tables
    .filter((table) => (table.kind === 'partitioned' || table.kind === 'materialized-view') && table.rule !== 'excluded')
    .map(({ schema, name, heapBytes }) => ({ schema, name, bytes: heapBytes }))
  await analyzeTables({ sessions: targets, database, tables, emit, signal })
}
