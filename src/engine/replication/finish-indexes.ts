import { readIndexDefinitions } from '../../pg/catalog/index-definitions.ts'
import { readStandingObjects } from '../../pg/catalog/standing-objects.ts'
import { openSession } from '../../pg/session.ts'
import type { IndexDefinition } from '../../plan/definitions.ts'
import type { TablePlan } from '../../plan/plan.ts'
import { buildIndexesItems } from '../copy/build-indexes.ts'
import { openCopyWorker } from '../copy-worker.ts'
import type { DatabaseOutcome, DatabaseRun } from '../database-run.ts'
import { runPool } from '../work-pool.ts'

/** Indexes and constraints that a killed run still owed these tables: without the key's, apply finds no row, or refuses the table. */
export async function finishIndexes(run: DatabaseRun, tables: readonly TablePlan[], outcome: DatabaseOutcome): Promise<void> {
  const { source, target, database, signal, jobs } = run
  await using from = await openSession(source, { database, signal })
  await using to = await openSession(target, { database, signal })
  const indexesByTable = new Map<number, IndexDefinition[]>()
  for (const index of await readIndexDefinitions(from)) {
    indexesByTable.set(index.tableOid, [...(indexesByTable.get(index.tableOid) ?? []), index])
  }
  const owing = { ...run, outcome, schema: { indexesByTable, standing: await readStandingObjects(to) } }
  const items = tables.flatMap((table) => buildIndexesItems(owing, table))
  await runPool({ count: jobs, open: () => openCopyWorker(run), close: (worker) => worker.close() }, items, signal)
}
