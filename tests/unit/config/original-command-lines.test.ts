import { expect, test } from 'vitest'
import { actionConfig, commandLineConfig } from '../../support/entries.ts'
import { originalCommandLines } from '../../support/original-command-lines.ts'

const urls = { source: 'postgresql://u@a/d', target: 'postgresql://u@b/d' }

test.each(originalCommandLines.map(({ flags, inputs }) => ({ line: flags.join(' '), flags, inputs })))(
  '$line means the same as inputs of the action, and to every command',
  async ({ flags, inputs }) => {
    const asFlags = await commandLineConfig(['plan', ...flags], { urls })
    expect(await actionConfig('plan', inputs, { urls })).toEqual(asFlags)
    const singular = flags.map((flag) => flag.replace(/^(--[a-z-]+?)s?$/, '$1'))
    for (const command of ['validate', 'init', 'sync', 'status', 'verify', 'cleanup', 'replicate'])
      expect(await commandLineConfig([command, ...singular], { urls })).toEqual({ ...asFlags, command })
  },
)
