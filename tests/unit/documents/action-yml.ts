import { commands } from '../../../src/config/config.ts'
import { inputNamed, inputNames } from '../../../src/config/schema.ts'
import { outputNames, outputs } from '../../../src/report/actions-outputs.ts'

/** action.yml as the schema wants it. No input has a default there: it would win over the config file. */
export function actionYml(): string {
  const inputs = inputNames.map((name) => {
    const { kind, description, default: byDefault, unavailable } = inputNamed(name)
    const notes = [
      description,
      ...(kind === 'list' ? ['One per line.'] : []),
      ...(byDefault === undefined ? [] : [`Default: ${byDefault}.`]),
      ...(unavailable === true ? ['(To come.)'] : []),
    ]
    return entry(name, notes.join(' '))
  })
  return `# Made from src/config/schema.ts: npx vitest run tests/unit/documents -u
name: Postgres Seren Replicator
author: The postgres-seren-replicator maintainers
description: Replicates PostgreSQL databases from any provider to any other, with a plan before and a proof after
branding:
  icon: database
  color: blue
inputs:
${entry('command', `One of ${available().join(', ')}.`)}
    required: true
${inputs.join('\n')}
outputs:
${outputNames.map((name) => entry(name, outputs[name])).join('\n')}
runs:
  using: node24
  main: dist/main/index.js
  post: dist/main/index.js
  post-if: always()
`
}

function available(): string[] {
  return commands.filter((name) => name !== 'demo').map((name) => `\`${name}\``)
}

function entry(name: string, description: string): string {
  return `  ${name}:\n    description: ${JSON.stringify(description)}`
}
