import { expect, type TestContext } from 'vitest'
import { runner } from './action.ts'
import { clientTools } from './client-tools.ts'
import { runCommand } from './command.ts'
import type { DatabasePair } from './database-pair.ts'

/** Runs `init` and `verify` on the pair as users do, and expects both to succeed. */
export type Bundle = (context: TestContext, pair: DatabasePair, options?: BundleOptions) => Promise<void>

export interface BundleOptions {
  /** The Node to run it with. */
  readonly node?: string
  readonly tableFilter?: string
}

const commands = ['init', 'verify'] as const

export const bundles: Readonly<Record<string, Bundle>> = {
  'the command line': async (_, pair, { node = process.execPath, tableFilter } = {}) => {
    const env = { SEREN_SOURCE_URL: pair.source.url, SEREN_TARGET_URL: pair.target.server.url(), TMPDIR: pair.temporaryFolder }
    for (const command of commands) {
      const filters = tableFilter === undefined ? [] : ['--table-filter', tableFilter]
      const args = [command, '--include-databases', pair.source.name, '--client-tools', clientTools(pair.source.server.major), ...filters]
      const result = await runCommand(command === 'init' ? [...args, '--snapshot-only'] : args, { env, node })
      expect(result.code, result.output).toBe(0)
    }
  },
  'the action': async (context, pair, { node, tableFilter = '' } = {}) => {
    const { step } = await runner(context)
    for (const command of commands) {
      const inputs = {
        command,
        source: pair.source.url,
        target: pair.target.server.url(),
        'include-databases': pair.source.name,
        'client-tools': clientTools(pair.source.server.major),
        'table-filters': tableFilter,
        ...(command === 'init' ? { 'snapshot-only': 'true' } : {}),
      }
      const result = await step(inputs, { TMPDIR: pair.temporaryFolder }, node)
      expect(result.code, result.output).toBe(0)
      expect(result.outputs).toMatchObject({ outcome: 'done', complete: 'true' })
    }
  },
}
