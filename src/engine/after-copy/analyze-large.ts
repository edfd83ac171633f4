import { warning } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import { isSmall } from '../copy/build-indexes.ts'
import type { CopyWorker } from '../copy-worker.ts'
import type { DatabaseRun } from '../database-run.ts'
import { collectWarnings, serverHint } from '../warnings.ts'
import type { WorkItem } from '../work-pool.ts'

/** Statistics of large tables, to be gathered while foreign keys are validated: neither waits for the other's locks. */
export function analyzeLarge({ plan, database, emit }: DatabaseRun): WorkItem<CopyWorker>[] {
  const large = plan.tables.filter((table) => table.kind === 'table' && table.rule !== 'excluded' && !isSmall(table))
  return large.map((table) => ({
    weight: Number(table.heapBytes + table.toastBytes),
    run: async (worker) => {
      const target = await worker.target()
      const sql = `analyze ${qualified(table)}`
      await collectWarnings(emit).attempt(
        () => target.run(sql),
        (error) =>
          warning('statement-skipped', `${qualified(table)} was not analyzed: ${error.message}`, {
            database,
            relation: qualified(table),
            hint: serverHint(error),
            sql,
          }),
      )
    },
  }))
}
