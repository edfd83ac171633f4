import type { TablePlan } from '../plan/plan.ts'
import type { TableResult } from '../plan/results.ts'

/** Which rows come along: as it was given, and as it's used. */
export function filterOf({ rule, predicate, predicateGiven }: TablePlan): Pick<TableResult, 'filter'> {
  if (rule !== 'filtered' || predicate === null) return {}
  return { filter: { given: predicateGiven ?? predicate, used: predicate } }
}
