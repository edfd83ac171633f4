import type { Given } from '../config/parse.ts'
import { inputNamed, inputNames } from '../config/schema.ts'
import { toolName } from '../version.ts'
import { shellWord } from './shell-word.ts'

/** The command line that asks nothing and does the same; one line each. URLs, which hold passwords, by their variables alone. */
export function equivalentCommand(command: string, values: Given['values']): string[] {
  const flags = inputNames.flatMap((name): string[] => {
    const value = values[name]
    if (value === undefined || value === false) return []
    if (name === 'source' || name === 'target') return [`--${name} "$SEREN_${name.toUpperCase()}_URL"`]
    if (value === true || inputNamed(name).kind === 'flag') return [`--${name}`]
    return [value].flat().map((one) => `--${name} ${shellWord(one)}`)
  })
  const lines = [`${toolName} ${command}`, ...flags.map((flag) => `  ${flag}`)]
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`))
}
