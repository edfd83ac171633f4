import { observe } from '../engine/observe/observe.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { CommandResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { previewResult } from './preview-result.ts'

/** Everything that can be known in advance, all findings at once. */
export async function validate({ config, emit, signal }: CommandContext): Promise<CommandResult> {
  const startedAt = new Date()
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  return previewResult('validate', makePlan(config, observed), startedAt)
}
