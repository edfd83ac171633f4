import type { Warning } from '../errors.ts'
import type { Emit } from '../events.ts'

/** Warnings of the run itself belong to its result too. */
export function keepWarnings(emit: Emit, warnings: Warning[]): Emit {
  return (event) => {
    if (event.type === 'warning') warnings.push(event.warning)
    emit(event)
  }
}
