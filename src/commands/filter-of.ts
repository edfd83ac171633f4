import { nothing } from '../plan/follow-keys.ts'
import type { TablePlan } from '../plan/plan.ts'
import type { TableResult } from '../plan/results.ts'

/** Which rows come along: as it was given, and as it's used; in words what only a long query finds. */
export function filterOf({ rule, predicate, predicateGiven, comesAlong }: TablePlan): Pick<TableResult, 'filter'> {
  if (rule !== 'filtered' || predicate === null) return {}
  if (comesAlong === undefined) return { filter: { given: predicateGiven ?? predicate, used: predicate } }
  const { own, words } = comesAlong
  const withThem = (condition: string) => (condition === nothing ? words : `${condition}, and ${words}`)
  return { filter: { given: withThem(predicateGiven ?? own), used: withThem(own) } }
}
