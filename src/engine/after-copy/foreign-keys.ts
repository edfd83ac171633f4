import type { Problem } from '../../errors.ts'
import type { ForeignKeyDefinition } from '../../plan/definitions.ts'
import { addForeignKeySql, validateForeignKeySql } from '../../sql/foreign-key.ts'
import { type CopyWorker, openCopyWorker } from '../copy-worker.ts'
import type { DatabaseRun } from '../database-run.ts'
import { foreignKeyFailed } from '../foreign-key-failed.ts'
import type { SourceSchema } from '../schema/read-schema.ts'
import { isRefusal } from '../warnings.ts'
import { runPool, type WorkItem } from '../work-pool.ts'

const hint = 'The rows are there. Mend the cause and start the command again: what is missing is added.'

/**
 * Adds all foreign keys without reading rows, then validates them, several tables at a time: ADD locks both tables against
 * writes, so that keys in a circle would lock each other out; VALIDATE doesn't. What may go on beside it is given in `meanwhile`.
 */
export async function addForeignKeys(
  run: DatabaseRun,
  schema: SourceSchema,
  meanwhile: readonly WorkItem<CopyWorker>[],
): Promise<Problem[]> {
  const { jobs, signal } = run
  const keys = schema.foreignKeys
  const standing = schema.standing.constraints
  const problems: Problem[] = []
  const refused = new Set<ForeignKeyDefinition>()
  const key = (one: ForeignKeyDefinition) => JSON.stringify([one.schema, one.table, one.name])
  const missing = keys.filter((one) => !standing.has(key(one)))
  const unvalidated = keys.filter((one) => one.validated && !one.partitioned && standing.get(key(one)) !== true)
  const workers = { count: jobs, open: () => openCopyWorker(run), close: (worker: CopyWorker) => worker.close() }
  const execute = async (worker: CopyWorker, one: ForeignKeyDefinition, statements: readonly string[]) => {
    try {
      await (await worker.target()).run(statements.join(';\n'))
    } catch (error) {
      signal.throwIfAborted()
      // A lost connection is no fault of the key's.
      if (!isRefusal(error)) throw error
      problems.push(foreignKeyFailed(error, { database: run.database, key: one, statements: addForeignKeySql(one), hint }))
      refused.add(one)
    }
  }
  const add: WorkItem<CopyWorker> = {
    weight: 0,
    run: async (worker) => {
      if (await addTogether(worker, missing)) return
      for (const one of missing) await execute(worker, one, addForeignKeySql(one))
    },
  }
  await runPool({ ...workers, count: 1 }, missing.length === 0 ? [] : [add], signal)
  const validate = groupByTable(unvalidated).map((ofTable) => ({
    // Each reads two tables: they go before all that is beside them.
    weight: Number.MAX_SAFE_INTEGER,
    run: async (worker: CopyWorker) => {
      for (const one of ofTable) if (!refused.has(one)) await execute(worker, one, [validateForeignKeySql(one)])
    },
  }))
  await runPool(workers, [...validate, ...meanwhile], signal)
  return problems
}

/** Two validations of one table would wait for each other. */
function groupByTable(keys: readonly ForeignKeyDefinition[]): ForeignKeyDefinition[][] {
  const groups = new Map<number, ForeignKeyDefinition[]>()
  for (const one of keys) groups.set(one.tableOid, [...(groups.get(one.tableOid) ?? []), one])
  return [...groups.values()]
}

async function addTogether(worker: CopyWorker, missing: readonly ForeignKeyDefinition[]): Promise<boolean> {
  try {
    await (await worker.target()).run(missing.flatMap(addForeignKeySql).join(';\n'))
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    return false
  }
}
