import { type Problem, problem } from '../errors.ts'
import type { Command } from './config.ts'
import type { InputValues } from './input-values.ts'
import { type InputName, inputNamed, inputNames } from './schema.ts'

/** Options whose behaviour is yet to come are refused, never ignored: nobody shall believe that they were heeded. */
export function refuseUnavailable(
  command: Command,
  entered: Partial<InputValues>,
  inFile: Partial<InputValues>,
  spell: (name: string) => string,
): Problem[] {
  const asked = inputNames.filter((name) => {
    const input = inputNamed(name)
    if (input.unavailable !== true) return false
    // A file serves all commands: there an option counts only for those that heed it.
    return differs(name, entered[name]) || (differs(name, inFile[name]) && input.commands.includes(command))
  })
  return asked.map((name) => problem('option-unavailable', `${spell(name)} isn't available in this version`, { hint: 'Leave it out.' }))
}

function differs(name: InputName, value: unknown): boolean {
  return value !== undefined && String(value) !== inputNamed(name).default
}
