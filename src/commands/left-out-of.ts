import type { DatabasePlan } from '../plan/plan.ts'
import type { DatabaseResult } from '../plan/results.ts'

export function leftOutOf({ leftOut }: DatabasePlan): Pick<DatabaseResult, 'leftOut'> {
  return leftOut.length === 0 ? {} : { leftOut: leftOut.map(({ description: object, needs }) => ({ object, needs })) }
}
