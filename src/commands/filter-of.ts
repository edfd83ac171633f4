import { nothing } from '../plan/follow-keys.ts'
import type { TablePlan } from '../plan/plan.ts'
import type { TableResult } from '../plan/results.ts'

/** Which rows come along: as it was given, and as it's used. */
export function filterOf({ rule, predicate, predicateGiven, predicateOwn }: TablePlan): Pick<TableResult, 'filter'> {
  if (rule !== 'filtered' || predicate === null) return {}
  const given = predicateGiven ?? predicate
  // What comes along is told in words: the query that finds it is long.
  const used = predicateOwn === nothing ? given : (predicateOwn ?? predicate)
  return { filter: { given, used } }
}
