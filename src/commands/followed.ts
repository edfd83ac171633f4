import type { DatabasePlan, TablePlan } from '../plan/plan.ts'
import type { TableResult } from '../plan/results.ts'

/** What replication is to bring of a table after the copy; nothing is said of it where there's none. */
export function followed(
  { publish, tableSync }: TablePlan,
  { replication }: Pick<DatabasePlan, 'replication'>,
): Pick<TableResult, 'published' | 'tableSync'> {
  if (replication === null) return {}
  return { published: publish, ...(tableSync ? { tableSync } : {}) }
}
