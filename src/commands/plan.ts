import { observe } from '../engine/observe/observe.ts'
import { probe } from '../engine/observe/probe.ts'
import { phase } from '../events.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { CommandResult } from '../plan/results.ts'
import type { CommandContext } from './context.ts'
import { previewResult } from './preview-result.ts'

/** What `init` would do and how long it would take. */
export async function plan({ config, emit, signal }: CommandContext): Promise<CommandResult> {
  const startedAt = new Date()
  const observed = await phase(emit, 'observe', undefined, () => observe(config, emit, signal))
  const measured = await phase(emit, 'plan', undefined, () => probe(config, observed, signal))
  return previewResult('plan', makePlan(config, { ...observed, probe: measured }), startedAt)
}
