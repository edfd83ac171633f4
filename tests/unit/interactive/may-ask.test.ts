import { expect, test } from 'vitest'
import { mayAsk } from '../../../src/interactive/may-ask.ts'

const terminal = { terminal: true, continuousIntegration: false }

test.each(['validate', 'plan', 'init', 'sync', 'replicate'])('%s asks', (command) => {
  expect(mayAsk({ command, values: {} }, terminal)).toBe(true)
  expect(mayAsk({ command, values: { 'snapshot-only': true, jobs: '4', source: 'postgresql://u@h/d' } }, terminal)).toBe(true)
})

test.each(['status', 'verify', 'cleanup', 'cutover', 'demo', ''])('%j never asks', (command) => {
  expect(mayAsk({ command, values: {} }, terminal)).toBe(false)
})

test.each([
  { yes: true },
  { 'no-interactive': true },
  { config: 'seren.toml' },
  { 'include-databases': ['shop'] },
  { 'exclude-databases': ['shop'] },
  { 'include-tables': ['t'] },
  { 'exclude-tables': ['t'] },
  { 'schema-only-tables': ['t'] },
  { 'table-filters': ['t:id > 1'] },
  { 'time-filters': ['t:at:1 day'] },
])("who says %j isn't asked", (values) => {
  expect(mayAsk({ command: 'init', values }, terminal)).toBe(false)
})

test('without a terminal, and in CI, nobody is asked', () => {
  expect(mayAsk({ command: 'init', values: {} }, { ...terminal, terminal: false })).toBe(false)
  expect(mayAsk({ command: 'init', values: {} }, { ...terminal, continuousIntegration: true })).toBe(false)
})
